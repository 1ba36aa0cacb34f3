-- grain:   one row per join and bin, summed over some days
-- inputs:  ledger.staleness_days
-- params:  $days VARCHAR[]
-- output:  source_join  VARCHAR
--          rows         BIGINT
--          max_s        BIGINT   greatest staleness in the bin, seconds
select
    staleness_days.source_join,
    sum(staleness_days."rows")::bigint as "rows",
    max(staleness_days.max_s) as max_s
from ledger.main.staleness_days
where staleness_days.day in (select unnest($days::varchar[])::date)
group by staleness_days.source_join, staleness_days.bin
order by staleness_days.source_join, staleness_days.bin
