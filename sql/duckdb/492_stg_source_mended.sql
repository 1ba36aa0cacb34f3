-- grain:   one row of the source; as it finally was, where the mend asks for that
-- inputs:  stg_source_<i>, int_converted_<into>_<unit>
-- params:  $way VARCHAR  how keys are written alike
-- output:  as stg_source_<i>: keys written alike and numbers put back where the mend does that; final rows are known from when their first version was
create or replace temp table stg_source_{{num .Into}} as
select
    event_at,
    {{if .Final}}first_known as known_at,
    null::timestamp as dead_at,
    {{else}}known_at,
    dead_at,
    {{end}}unzoned,
    {{if .IDs}}again,
    first_known,
    {{end}}schema_id,
    {{range .Alike}}{{if .Alike}}alike($way::varchar, k_{{num .Index}}) as k_{{num .Index}}{{else}}k_{{num .Index}}{{end}},
    {{end}}{{range .Of}}{{if .Units}}coalesce({{range .Units}}int_converted_{{num $.Into}}_{{num .}}.was, {{end}}v_{{num .Index}}) as v_{{num .Index}}{{else}}v_{{num .Index}}{{end}},
    {{end}}{{range .Filters}}w_{{num .Index}},
    {{end}}
from stg_source_{{num .Index}}
{{range .Of}}{{range .Units}}left join int_converted_{{num $.Into}}_{{num .}} on int_converted_{{num $.Into}}_{{num .}}.row_no = stg_source_{{num $.Index}}.rowid
{{end}}{{end}}{{if .Final}}where dead_at is null
{{end}}
