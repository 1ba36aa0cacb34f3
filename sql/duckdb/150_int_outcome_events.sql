-- grain:   one row per chosen prediction and instant at which what is known of its timely outcome changed
-- inputs:  stg_predictions, int_matched, int_outcome_versions
-- params:  none
-- output:  row_no     BIGINT
--          age        SMALLINT       days from the end of the prediction's day until then, rounded up, at least 0,
--                                    doubling above 14
--          rows       BIGINT         1: the outcome came; 0: it was corrected; -1: it was withdrawn
--          weight     DECIMAL(38,9)  change of each weighted sum, in units
--          loss, outcome, score, score_sq, outcome_sq, score_outcome, abs_error   DECIMAL(38,9)   likewise
create or replace temp table int_outcome_events as
with {{template "outcome_sides" .}}

select
    priced.row_no,
    priced.age,
    cast(sum(priced.sign) as bigint) as "rows",
    sum(priced.sign * cast(priced.weight as decimal(38, 9))) as weight,
    sum(priced.sign * cast(priced.weight * priced.loss as decimal(38, 9))) as loss,
    sum(priced.sign * cast(priced.weight * priced.value as decimal(38, 9))) as outcome,
    sum(priced.sign * cast(priced.weight * priced.score as decimal(38, 9))) as score,
    sum(priced.sign * cast(priced.weight * priced.score * priced.score as decimal(38, 9))) as score_sq,
    sum(priced.sign * cast(priced.weight * priced.value * priced.value as decimal(38, 9))) as outcome_sq,
    sum(priced.sign * cast(priced.weight * priced.score * priced.value as decimal(38, 9))) as score_outcome,
    sum(priced.sign * cast(priced.weight * abs(priced.score - priced.value) as decimal(38, 9))) as abs_error,
from priced
group by priced.row_no, priced.age
