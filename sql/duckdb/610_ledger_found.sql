-- grain:   one row per day and join of which predictions found a row
-- inputs:  ledger.staleness_days
-- params:  none
-- output:  day          BIGINT   days from 1970-01-01
--          source_join  VARCHAR
--          "rows"       BIGINT   predictions whose join used a row
select
    staleness_days.day - date '1970-01-01' as day,
    staleness_days.source_join,
    sum(staleness_days."rows")::bigint as "rows",
from ledger.main.staleness_days
group by staleness_days.day, staleness_days.source_join
order by staleness_days.day, staleness_days.source_join
