-- grain:   one row per day, dimension, level and bin: how scores are spread
-- inputs:  none
-- params:  none
-- output:  day        DATE           UTC day of the predictions
--          dimension  VARCHAR        segment column or condition; empty: all rows
--          level      VARCHAR        value of the segment or level of the condition, other than its first
--          bin        SMALLINT       of the score over [0, 1]; regression: of |score - outcome|, 16 bins to the doubling
--          rows       BIGINT         predictions with an outcome
--          weight     DECIMAL(38,9)  rows weighted
--          positives  DECIMAL(38,9)  weight of those whose outcome is 1; regression: scored above their outcome
create table ledger.main.histograms (
    day date,
    dimension varchar,
    level varchar,
    bin smallint,
    "rows" bigint,
    weight decimal(38,9),
    positives decimal(38,9)
)
