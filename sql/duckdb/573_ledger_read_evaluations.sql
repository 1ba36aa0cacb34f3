-- grain:   one row per boundary of a range
-- inputs:  ledger.evaluations, ledger.days
-- params:  $from TIMESTAMP, $to TIMESTAMP
-- output:  boundary       BIGINT   days from 1970-01-01
--          as_of          TIMESTAMP  UTC
--          findings_json  VARCHAR
--          predictions, invalid, superseded, hindsight, matched, pending, missing, late, repeated, corrected, duplicated, withdrawn, orphans
--                         BIGINT   of the day before the boundary
select
    evaluations.boundary - date '1970-01-01' as boundary,
    evaluations.as_of,
    evaluations.findings_json,
    coalesce(days.predictions, 0) as predictions,
    coalesce(days.invalid, 0) as invalid,
    coalesce(days.superseded, 0) as superseded,
    coalesce(days.hindsight, 0) as hindsight,
    coalesce(days.matched, 0) as matched,
    coalesce(days.pending, 0) as pending,
    coalesce(days.missing, 0) as missing,
    coalesce(days.late, 0) as late,
    coalesce(days.repeated, 0) as repeated,
    coalesce(days.corrected, 0) as corrected,
    coalesce(days.duplicated, 0) as duplicated,
    coalesce(days.withdrawn, 0) as withdrawn,
    coalesce(days.orphans, 0) as orphans,
from ledger.main.evaluations
left join ledger.main.days on days.day = evaluations.boundary - 1
where evaluations.boundary >= $from::date and evaluations.boundary < $to::date
order by evaluations.boundary
