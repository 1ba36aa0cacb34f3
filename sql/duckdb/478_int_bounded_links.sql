-- grain:   one row per prediction to be repaired whose logged score is at the end of the scale, of the versions of in_curves
-- inputs:  stg_predictions, int_values, int_repair_rows, in_curves
-- params:  none
-- output:  row_no  BIGINT
--          link    DECIMAL(38,12)  of the score that its features as served sum up to: what the logged one, a chance of 1 or 0, does not tell
create or replace temp table int_bounded_links as
{{if .Binary}}with bounded as (
    select
        stg_predictions.rowid as row_no,
        stg_predictions.version,
        {{range .Features}}{{template "fitted" .Served}} as x_{{num .Index}},
        {{end}}
    from stg_predictions
    join int_values on int_values.row_no = stg_predictions.rowid
    semi join int_repair_rows on int_repair_rows.row_no = stg_predictions.rowid
    where stg_predictions.score <= 1e-15 or stg_predictions.score >= 1 - 1e-15
),

parts as (
    select bounded.row_no, in_curves.base as part
    from bounded
    join in_curves on in_curves.version = bounded.version and in_curves.feature = -1
    {{range .Features}}union all
    {{if .Text}}select bounded.row_no, in_curves.base as part
    from bounded
    join in_curves on in_curves.version = bounded.version and in_curves.feature = {{num .Index}} and in_curves.word is not distinct from bounded.x_{{num .Index}}
    {{else}}select asked.row_no, in_curves.base + in_curves.slope * coalesce(asked.x_{{num .Index}}, 0) as part
    from (select *, {{num .Index}}::bigint as feature, coalesce(x_{{num .Index}}, '-infinity'::double) as sought from bounded) as asked
    asof join in_curves on in_curves.version = asked.version and in_curves.feature = asked.feature and asked.sought >= in_curves.low
    {{end}}{{end}}
)

select row_no, sum(cast(greatest(-1e20, least(1e20, part)) as decimal(38, 12))) as link
from parts
group by row_no
{{else}}select 0::bigint as row_no, 0::decimal(38, 12) as link
limit 0
{{end}}