-- grain:   one row per day, join and bin
-- inputs:  ledger.staleness_days
-- params:  $from TIMESTAMP, $to TIMESTAMP
-- output:  day          BIGINT   days from 1970-01-01
--          source_join  VARCHAR
--          bin          BIGINT
--          rows         BIGINT
--          max_s        BIGINT   greatest staleness in the bin, seconds
select
    staleness_days.day - date '1970-01-01' as day,
    staleness_days.source_join,
    staleness_days.bin::bigint as bin,
    staleness_days."rows",
    staleness_days.max_s
from ledger.main.staleness_days
where staleness_days.day >= $from::date
    and staleness_days.day < $to::date
order by staleness_days.day, staleness_days.source_join, staleness_days.bin
