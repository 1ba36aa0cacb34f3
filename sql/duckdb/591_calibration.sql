-- grain:   one row per day, dimension, level of it and sixteenth of the score that has rows: what scores said and what came; none in a regression
-- inputs:  histograms
-- params:  none
-- output:  day         DATE     UTC day of the predictions
--          dimension   VARCHAR  segment column or condition; empty: all rows
--          level       VARCHAR  value of the segment or level of the condition, other than its first; empty for all rows
--          score_from  DOUBLE   scores from this on
--          score_to    DOUBLE   up to this, which is in the last sixteenth alone
--          rows        BIGINT   predictions with an outcome
--          weight      DOUBLE   of these: add it up, and the two below times it, to put days together
--          mean_score  DOUBLE   over rows, weighted, each score taken to the middle of a 256th
--          base_rate   DOUBLE   mean outcome over rows, weighted
create or replace view ledger.main.calibration as
select
    histograms.day,
    histograms.dimension,
    histograms.level,
    (histograms.bin // 16) / 16 as score_from,
    (histograms.bin // 16 + 1) / 16 as score_to,
    sum(histograms."rows")::bigint as "rows",
    sum(histograms.weight)::double as weight,
    sum(histograms.weight * (2 * histograms.bin + 1))::double / 512 / sum(histograms.weight)::double as mean_score,
    sum(histograms.positives)::double / sum(histograms.weight)::double as base_rate
from main.histograms
{{if not .Binary}}where false
{{end}}group by histograms.day, histograms.dimension, histograms.level, histograms.bin // 16
having sum(histograms.weight) > 0
