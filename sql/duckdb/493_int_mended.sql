-- grain:   one row per prediction of int_mended_instants
-- inputs:  int_mended_instants, stg_predictions, int_lookup_<i>, int_window_<feature>
-- params:  none
-- output:  row_no  BIGINT
--          r_<i>   DOUBLE, VARCHAR or TIMESTAMP   feature i replayed anew; NULL: nothing to serve
create or replace temp table int_mended_{{num .Number}} as
select
    int_mended_instants.row_no,
    {{range .Features}}{{if .Windows}}{{if .Counts}}coalesce(int_window_{{num .Index}}.value, 0){{else}}int_window_{{num .Index}}.value{{end}} as r_{{num .Index}},
    {{else}}case when {{template "reach" .}} then int_lookup_{{num .Lookup}}.v_{{num .Value}} end as r_{{num .Index}},
    {{end}}{{end}}
from int_mended_instants
join stg_predictions on stg_predictions.rowid = int_mended_instants.row_no
{{range .Lookups}}left join int_lookup_{{num .Index}} on int_lookup_{{num .Index}}.row_no = int_mended_instants.row_no
{{end}}{{range .Features}}{{if .Windows}}left join int_window_{{num .Index}} on int_window_{{num .Index}}.row_no = int_mended_instants.row_no
{{end}}{{end}}
