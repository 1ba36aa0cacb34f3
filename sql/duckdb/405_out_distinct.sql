-- grain:   one row
-- inputs:  stg_source_<i>
-- params:  none
-- output:  different_<i>  BIGINT  about how many different finite numbers value i takes; -1 for a value that is no number
select
    {{range .Values}}{{if .Number}}approx_count_distinct(v_{{num .Index}}) filter (where isfinite(v_{{num .Index}})){{else}}-1{{end}} as different_{{num .Index}},
    {{end}}
from stg_source_{{num .Index}}
