-- grain:   one row per day, join and bin
-- inputs:  out_staleness
-- params:  none
-- output:  rows of ledger.staleness_days
insert into ledger.main.staleness_days by name
select
    out_staleness.day,
    out_staleness.source_join,
    out_staleness.bin,
    out_staleness."rows",
    out_staleness.max_s
from out_staleness
order by out_staleness.day, out_staleness.source_join, out_staleness.bin
