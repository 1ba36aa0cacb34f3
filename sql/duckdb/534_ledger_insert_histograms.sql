-- grain:   one row per day, dimension, level and bin
-- inputs:  out_histograms
-- params:  none
-- output:  rows of ledger.histograms
insert into ledger.main.histograms by name
select
    out_histograms.day,
    out_histograms.dimension,
    out_histograms.level,
    out_histograms.bin,
    out_histograms."rows",
    out_histograms.weight,
    out_histograms.positives
from out_histograms
order by out_histograms.day, out_histograms.dimension, out_histograms.level, out_histograms.bin
