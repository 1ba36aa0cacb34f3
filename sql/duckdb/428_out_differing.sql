-- grain:   one row per UTC day on which a replayed feature differs
-- inputs:  int_values, int_instants
-- params:  none
-- output:  day       DATE
--          first_at, last_at   TIMESTAMP   earliest and latest instant at which features of these predictions were read
--          n_<i>     BIGINT  predictions whose feature i contradicts its replay
select
    int_values.day,
    coalesce(min(int_instants.features_at), cast(int_values.day as timestamp)) as first_at,
    coalesce(max(int_instants.features_at), cast(int_values.day as timestamp)) as last_at,
    {{range .}}count(*) filter (where int_values.e_{{num .}} = 3) as n_{{num .}},
    {{end}}
from int_values
join int_instants on int_instants.row_no = int_values.row_no
where {{range $n, $i := .}}{{if $n}} or {{end}}int_values.e_{{num $i}} = 3{{else}}false{{end}}
group by int_values.day
order by int_values.day
