-- grain:   one row per day taken in, of a range
-- inputs:  ledger.days
-- params:  $from TIMESTAMP, $to TIMESTAMP
-- output:  as ledger.days; day BIGINT days from 1970-01-01, segment_names VARCHAR a JSON list
select
    days.day - date '1970-01-01' as day,
    days.as_of,
    days.closed,
    days.layout_id,
    to_json(days.segment_names)::varchar as segment_names,
    days.domain_digest,
    days.predictions,
    days.invalid,
    days.superseded,
    days.hindsight,
    days.matched,
    days.pending,
    days.missing,
    days.late,
    days.repeated,
    days.corrected,
    days.duplicated,
    days.withdrawn,
    days.orphans
from ledger.main.days
where days.day >= $from::date and days.day < $to::date
order by days.day
