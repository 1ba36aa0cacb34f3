-- grain:   one row per day, level of one dimension and bin
-- inputs:  ledger.histograms
-- params:  $from TIMESTAMP, $to TIMESTAMP, $dimension VARCHAR
-- output:  day        BIGINT    days from 1970-01-01
--          level      VARCHAR
--          bin        SMALLINT
--          rows       BIGINT
--          weight     VARCHAR   a decimal
--          positives  VARCHAR   a decimal
select
    histograms.day - date '1970-01-01' as day,
    histograms.level,
    histograms.bin,
    histograms."rows",
    histograms.weight::varchar as weight,
    histograms.positives::varchar as positives
from ledger.main.histograms
where histograms.day >= $from::date
    and histograms.day < $to::date
    and histograms.dimension = $dimension::varchar
order by histograms.day, histograms.level, histograms.bin
