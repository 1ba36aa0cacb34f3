-- grain:   one row per level and bin, summed over some days
-- inputs:  ledger.histograms
-- params:  $days VARCHAR[], $dimension VARCHAR, $level VARCHAR (NULL: all levels)
-- output:  level      VARCHAR
--          bin        SMALLINT
--          rows       BIGINT
--          weight     VARCHAR   a decimal
--          positives  VARCHAR   a decimal
with sums as (
    select
        histograms.level,
        histograms.bin,
        sum(histograms."rows")::bigint as "rows",
        sum(histograms.weight) as weight,
        sum(histograms.positives) as positives
    from ledger.main.histograms
    where histograms.day in (select unnest($days::varchar[])::date)
        and histograms.dimension = $dimension::varchar
        and ($level::varchar is null or histograms.level = $level::varchar)
    group by histograms.level, histograms.bin
)

select
    sums.level,
    sums.bin,
    sums."rows",
    sums.weight::varchar as weight,
    sums.positives::varchar as positives
from sums
order by sums.level, sums.bin
