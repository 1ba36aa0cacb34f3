-- grain:   one row per day, version, segments, fingerprint and age; the sum over ages <= a is what was known at age a
-- inputs:  none
-- params:  none
-- output:  day            DATE           UTC day of the predictions
--          layout_id      VARCHAR        layout of the fingerprint
--          version        VARCHAR        model version; empty where not declared
--          segments       VARCHAR[]      values by days.segment_names
--          fingerprint    UBIGINT[]      conditions, packed as layouts says
--          age            SMALLINT       days from the end of the day until the outcome is known; -1: when predicted
--          predictions    BIGINT         chosen, valid, not hindsight
--          rows           BIGINT         predictions with an outcome
--          weight         DECIMAL(38,9)  rows weighted
--          loss           DECIMAL(38,9)  weighted sum of losses, in the loop's unit
--          score          DECIMAL(38,9)  weighted sum of scores
--          outcome        DECIMAL(38,9)  weighted sum of outcomes
--          score_sq       DECIMAL(38,9)  weighted sum of squared scores
--          outcome_sq     DECIMAL(38,9)  weighted sum of squared outcomes
--          score_outcome  DECIMAL(38,9)  weighted sum of score times outcome
--          abs_error      DECIMAL(38,9)  weighted sum of |score - outcome|
create table ledger.main.cells (
    day date,
    layout_id varchar,
    version varchar,
    segments varchar[],
    fingerprint ubigint[],
    age smallint,
    predictions bigint,
    "rows" bigint,
    weight decimal(38,9),
    loss decimal(38,9),
    score decimal(38,9),
    outcome decimal(38,9),
    score_sq decimal(38,9),
    outcome_sq decimal(38,9),
    score_outcome decimal(38,9),
    abs_error decimal(38,9)
)
