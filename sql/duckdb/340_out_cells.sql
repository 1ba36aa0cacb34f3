-- grain:   one row per day, version, segments, fingerprint and age
-- inputs:  int_fingerprints, int_outcome_events
-- params:  none
-- output:  day, version, segments, fingerprint   as in int_fingerprints
--          age          SMALLINT  -1: what is known when the prediction is made; else days, as in int_outcome_events
--          predictions  BIGINT    at age -1
--          rows, weight, loss, score, outcome, score_sq, outcome_sq, score_outcome, abs_error   sums at the other ages
create or replace temp table out_cells as
with facts as (
    select row_no, (-1)::smallint as age, 1 as predictions, 0 as "rows", 0 as weight, 0 as loss, 0 as score, 0 as outcome, 0 as score_sq, 0 as outcome_sq, 0 as score_outcome, 0 as abs_error
    from int_fingerprints
    union all
    select row_no, age, 0 as predictions, "rows", weight, loss, score, outcome, score_sq, outcome_sq, score_outcome, abs_error
    from int_outcome_events
)

select
    int_fingerprints.day,
    int_fingerprints.version,
    int_fingerprints.segments,
    int_fingerprints.fingerprint,
    facts.age,
    cast(sum(facts.predictions) as bigint) as predictions,
    cast(sum(facts."rows") as bigint) as "rows",
    cast(sum(facts.weight) as decimal(38, 9)) as weight,
    cast(sum(facts.loss) as decimal(38, 9)) as loss,
    cast(sum(facts.score) as decimal(38, 9)) as score,
    cast(sum(facts.outcome) as decimal(38, 9)) as outcome,
    cast(sum(facts.score_sq) as decimal(38, 9)) as score_sq,
    cast(sum(facts.outcome_sq) as decimal(38, 9)) as outcome_sq,
    cast(sum(facts.score_outcome) as decimal(38, 9)) as score_outcome,
    cast(sum(facts.abs_error) as decimal(38, 9)) as abs_error,
from int_fingerprints
join facts on facts.row_no = int_fingerprints.row_no
group by int_fingerprints.day, int_fingerprints.version, int_fingerprints.segments, int_fingerprints.fingerprint, facts.age
