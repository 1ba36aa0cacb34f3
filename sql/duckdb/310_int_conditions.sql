-- grain:   one row per chosen prediction of the days taken in that is not hindsight
-- inputs:  stg_predictions, int_matched, int_replayed, int_values, int_labels_<feature>, int_domain,
--          int_domain_values_<feature>
-- params:  none
-- output:  row_no  BIGINT
--          day     DATE
--          c_<n>   USMALLINT  level code of condition n of the layout
create or replace temp table int_conditions as
with served as (
    select
        int_replayed.*,
        stg_predictions.features_at,
        stg_predictions.schema_id as prediction_schema_id,
        int_matched.schema_id as outcome_schema_id,
        int_matched.outcome_level,
        {{range .Features}}stg_predictions.f_{{num .}},
        {{end}}
    from int_replayed
    join stg_predictions on stg_predictions.rowid = int_replayed.row_no
    join int_matched on int_matched.row_no = int_replayed.row_no
)

select
    served.row_no,
    served.day,
    {{range $c := .Conditions}}cast({{if eq .Kind "cardinality"}}case served.rows_{{num .Join}} when 0 then 1 when 1 then 0 else {{if .Many}}0{{else}}2{{end}} end
        {{else if eq .Kind "staleness"}}case
            when served.used_{{num .Join}} is null then 8
            when served.used_{{num .Join}} > served.features_at then 9
            {{range $n, $us := .BoundsUS}}when epoch_us(served.features_at) - epoch_us(served.used_{{num $c.Join}}) <= {{num $us}} then {{num $n}}
            {{end}}else 7
        end
        {{else if eq .Kind "window"}}case
            when served.n_{{num .Feature}} > served.l_{{num .Feature}} then 3
            when served.l_{{num .Feature}} = 0 then 2
            when served.n_{{num .Feature}} < served.l_{{num .Feature}} then 1
            else 0
        end
        {{else if eq .Kind "value"}}{{if .Labelled}}coalesce(int_labels_{{num .Feature}}.code, int_values.e_{{num .Feature}}){{else}}int_values.e_{{num .Feature}}{{end}}
        {{else if eq .Kind "domain"}}case
            when served.f_{{num .Feature}} is null then 0
            when not int_domain.judged{{if not .Text}} or int_domain.low_{{num .Feature}} is null{{end}} then 3
            {{if .Text}}when not int_domain_values_{{num .Feature}}.seen then 1
            {{else}}when served.f_{{num .Feature}} not between int_domain.low_{{num .Feature}} and int_domain.high_{{num .Feature}} then 2
            {{end}}else 0
        end
        {{else if eq .Kind "schema"}}coalesce({{if eq .Of "predictions"}}served.prediction_schema_id{{else if eq .Of "outcomes"}}served.outcome_schema_id{{else}}served.schema_{{num .Join}}{{end}}, 0)
        {{else}}case served.outcome_level when 'one' then 1 when 'corrected' then 2 when 'duplicated' then 3 when 'late' then 4 else 0 end
        {{end}} as usmallint) as c_{{num .Index}},
    {{end}}
from served
join int_values on int_values.row_no = served.row_no
join int_domain on int_domain.day = served.day
{{range .Conditions}}{{if .Labelled}}left join int_labels_{{num .Feature}} on int_labels_{{num .Feature}}.row_no = served.row_no
{{end}}{{end}}{{range .Texts}}left join int_domain_values_{{num .}} on int_domain_values_{{num .}}.day = served.day and int_domain_values_{{num .}}.value = served.f_{{num .}}
{{end}}
