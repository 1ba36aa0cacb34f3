-- grain:   one row per prediction of int_replayed
-- inputs:  stg_predictions, int_replayed
-- params:  $tolerance_<i> DOUBLE (absolute), $relative_<i> DOUBLE of number features; $default_<i> or
--          $version_<i>_<j> VARCHAR with $default_<i>_<j> of features that declare defaults
-- output:  row_no  BIGINT
--          day     DATE
--          e_<i>   USMALLINT  how feature i as served meets its replay: level code of its value condition, 3 where they differ
--          d_<i>   DOUBLE, VARCHAR or TIMESTAMP   what serving puts where feature i is null; of features that declare it
create or replace temp table int_values as
with served as (
    select
        int_replayed.*,
        {{range $f := .Features}}stg_predictions.f_{{num .Index}},
        {{if .HasDefault}}{{if .ByVersion}}case stg_predictions.version {{range .Versions}}when $version_{{num .Feature}}_{{num .Index}} then $default_{{num .Feature}}_{{num .Index}}::{{name $f.Type}} {{end}}end{{else}}$default_{{num .Index}}::{{name .Type}}{{end}} as d_{{num .Index}},
        {{end}}{{end}}
    from int_replayed
    join stg_predictions on stg_predictions.rowid = int_replayed.row_no
)

select
    served.row_no,
    served.day,
    {{range .Values}}cast(case
        {{if .Replayed}}when {{template "near" .AsReplayed}} or served.t_{{num .Feature}} then 0
        when not served.z_{{num .Feature}} then 3
        {{end}}when served.f_{{num .Feature}} is null then 1
        {{if .HasDefault}}when {{template "near" .AsDefault}} then 2
        {{end}}else {{if .Replayed}}3{{else}}0{{end}}
    end as usmallint) as e_{{num .Feature}},
    {{if .HasDefault}}served.d_{{num .Feature}},
    {{end}}{{end}}
from served
