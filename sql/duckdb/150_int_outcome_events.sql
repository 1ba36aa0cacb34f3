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
with changes as (
    select
        int_matched.row_no,
        stg_predictions.score,
        stg_predictions.weight,
        int_outcome_versions.value,
        int_outcome_versions.before,
        greatest(
            0,
            (epoch_us(int_outcome_versions.known_at) - epoch_us(cast(int_matched.day + 1 as timestamp)) + 86399999999)
            // 86400000000
        ) as age_days,
    from int_matched
    join stg_predictions on stg_predictions.rowid = int_matched.row_no
    join int_outcome_versions on {{range $i, $k := .OutcomeKeys}}{{if $i}} and {{end}}int_outcome_versions.o_{{num $k.Index}} = stg_predictions.o_{{num $k.Index}}{{end}}
    where int_matched.timely
),

sides as (
    select row_no, age_days, 1 as sign, score, weight, value
    from changes
    where value is not null
    union all
    select row_no, age_days, -1 as sign, score, weight, before as value
    from changes
    where before is not null
),

priced as (
    select
        row_no,
        case when age_days <= 14 then age_days else least(28672, 14 * power(2, ceil(log2(age_days / 14.0)))) end as age,
        sign,
        score,
        weight,
        value,
        {{template "loss" .}} as loss,
    from sides
)

select
    priced.row_no,
    cast(priced.age as smallint) as age,
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
