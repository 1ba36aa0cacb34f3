-- grain:   one row per feature of int_affected
-- inputs:  int_affected
-- params:  none
-- output:  feature  BIGINT
--          "rows"   BIGINT  predictions of which it is put right
{{range $n, $f := .Features}}{{if $n}}union all
{{end}}select
    {{num .Index}}::bigint as feature,
    {{if .Mends}}count(*) filter (where p_{{num .Index}}){{else}}0::bigint{{end}} as "rows",
from int_affected
{{end}}order by feature
