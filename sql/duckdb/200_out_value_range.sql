-- grain:   one row
-- inputs:  stg_source_<i>
-- params:  none
-- output:  rows       BIGINT
--          unzoned    BIGINT   rows whose instant is text without a zone, none being declared
--          largest_<i>  DOUBLE   largest finite |v_<i>| of a number column, 0 where there is none
select
    count(*) as "rows",
    count(*) filter (where stg_source_{{num .Index}}.unzoned) as unzoned,
    {{range .Values}}{{if .IsNumber}}coalesce(max(abs(stg_source_{{num $.Index}}.v_{{num .Index}})) filter (where isfinite(stg_source_{{num $.Index}}.v_{{num .Index}})), 0){{else}}0.0{{end}} as largest_{{num .Index}},
    {{end}}
from stg_source_{{num .Index}}
