-- grain:   one row per prediction of int_instants
-- inputs:  int_instants, stg_predictions, int_lookup_<i>, int_ties_<i>, int_window_<feature>
-- params:  none
-- output:  row_no  BIGINT
--          day     DATE
--          r_<i>   DOUBLE, VARCHAR or TIMESTAMP   feature i replayed; NULL: nothing to serve
--          t_<i>   BOOLEAN   a tied value is the served one
--          z_<i>   BOOLEAN   nothing to serve is an answer: the replay, or a tied value, is NULL
--          a_<i>   BOOLEAN   ambiguous: the declaration leaves a tie between different values
--          n_<i>   BIGINT    rows in the window as served (logged, else as known at the instant)
--          l_<i>   BIGINT    rows in the window as known by as-of
--          used_<j>  TIMESTAMP  `at` of the row that join j used (logged, else replayed); NULL: none, or none within reach
--          rows_<j>  BIGINT     rows that join j used (logged, else replayed)
--          schema_<j>  USMALLINT  file schema of the row that join j finds; NULL: none
create or replace temp table int_replayed as
select
    int_instants.row_no,
    int_instants.day,
    {{range .Features}}{{if .Windows}}{{if .Counts}}coalesce(int_window_{{num .Index}}.value, 0){{else}}int_window_{{num .Index}}.value{{end}} as r_{{num .Index}},
    false as t_{{num .Index}},
    {{if .Counts}}coalesce(int_window_{{num .Index}}.value, 0) = 0{{else}}int_window_{{num .Index}}.value is null{{end}} as z_{{num .Index}},
    false as a_{{num .Index}},
    coalesce({{if .ServedRows}}stg_predictions.{{name .RowsColumn}}, {{end}}int_window_{{num .Index}}.rows_known, 0) as n_{{num .Index}},
    coalesce(int_window_{{num .Index}}.rows_final, 0) as l_{{num .Index}},
    {{else if .Found}}{{template "reach" .}} and int_lookup_{{num .Lookup}}.row_no is not null as found_{{num .Index}},
    case when found_{{num .Index}} then int_lookup_{{num .Lookup}}.v_{{num .Value}} end as r_{{num .Index}},
    found_{{num .Index}} and coalesce(int_ties_{{num .Lookup}}.t_{{num .Index}}, false) as t_{{num .Index}},
    case when found_{{num .Index}} then int_lookup_{{num .Lookup}}.v_{{num .Value}} is null or coalesce(int_ties_{{num .Lookup}}.z_{{num .Index}}, false) else true end as z_{{num .Index}},
    found_{{num .Index}} and coalesce(int_lookup_{{num .Lookup}}.m_{{num .Value}}, false) as a_{{num .Index}},
    {{end}}{{end}}{{range .Joins}}{{if .Aged}}{{if .Logged}}stg_predictions.{{name .AtColumn}}{{else}}int_lookup_{{num .Head}}.newest_at{{end}} as seen_{{num .Index}},
    case when {{if .Bounded}}seen_{{num .Index}} >= stg_predictions.features_at - to_microseconds({{num .Within}}::bigint){{else}}true{{end}} then seen_{{num .Index}} end as used_{{num .Index}},
    {{end}}coalesce({{if .RowsColumn}}stg_predictions.{{name .RowsColumn}}, {{end}}{{if and .Aged .Bounded}}case when int_lookup_{{num .Head}}.newest_at >= stg_predictions.features_at - to_microseconds({{num .Within}}::bigint) then int_lookup_{{num .Head}}.row_count end{{else}}int_lookup_{{num .Head}}.row_count{{end}}, 0) as rows_{{num .Index}},
    int_lookup_{{num .Head}}.schema_id as schema_{{num .Index}},
    {{end}}
from int_instants
join stg_predictions on stg_predictions.rowid = int_instants.row_no
{{range .Lookups}}left join int_lookup_{{num .Index}} on int_lookup_{{num .Index}}.row_no = int_instants.row_no
{{if .Features}}left join int_ties_{{num .Index}} on int_ties_{{num .Index}}.row_no = int_instants.row_no
{{end}}{{end}}{{range .Features}}{{if .Windows}}left join int_window_{{num .Index}} on int_window_{{num .Index}}.row_no = int_instants.row_no
{{end}}{{end}}
