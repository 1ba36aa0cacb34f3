-- What became known of timely outcomes, and what was taken back: a row per prediction, change and side of it, with the age in days at which
-- it changed, doubling above 14. With .Repaired of the predictions of int_repaired, once for each of their repairs, at the repaired score; with .Mends too, where a
-- repair puts the outcome right, with that one.

{{define "outcome_sides"}}changes as (
    select
        int_matched.row_no,
        {{if .Repaired}}int_repaired.mask,
        int_repaired.score{{else}}stg_predictions.score{{end}},
        stg_predictions.weight,
        {{if .Mends}}case when int_repaired.mend > 0 then int_mended_versions.value else int_outcome_versions.value end as value,
        case when int_repaired.mend > 0 then int_mended_versions.before else int_outcome_versions.before end as before{{else}}int_outcome_versions.value,
        int_outcome_versions.before{{end}},
        greatest(
            0,
            (epoch_us(int_outcome_versions.known_at) - epoch_us(cast(int_matched.day + 1 as timestamp)) + 86399999999)
            // 86400000000
        ) as age_days,
    from int_matched
    join stg_predictions on stg_predictions.rowid = int_matched.row_no
    {{if .Repaired}}join int_repaired on int_repaired.row_no = int_matched.row_no
    {{end}}join int_outcome_versions on {{range $i, $k := .OutcomeKeys}}{{if $i}} and {{end}}int_outcome_versions.o_{{num $k.Index}} = stg_predictions.o_{{num $k.Index}}{{end}}
    {{if .Mends}}left join int_mended_versions
        on int_mended_versions.mend = int_repaired.mend
        and int_mended_versions.known_at = int_outcome_versions.known_at{{range .OutcomeKeys}}
        and int_mended_versions.o_{{num .Index}} = int_outcome_versions.o_{{num .Index}}{{end}}
    {{end}}where int_matched.timely
),

sides as (
    select row_no, {{if .Repaired}}mask, {{end}}age_days, 1 as sign, score, weight, value
    from changes
    where value is not null
    union all
    select row_no, {{if .Repaired}}mask, {{end}}age_days, -1 as sign, score, weight, before as value
    from changes
    where before is not null
),

priced as (
    select
        row_no,
        {{if .Repaired}}mask,
        {{end}}cast(case when age_days <= 14 then age_days else least(28672, 14 * power(2, ceil(log2(age_days / 14.0)))) end as smallint) as age,
        sign,
        score,
        weight,
        value,
        {{template "loss" .}} as loss,
    from sides
){{end}}
