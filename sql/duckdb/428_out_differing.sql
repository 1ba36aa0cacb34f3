-- grain:   one row per UTC day on which a replayed feature differs
-- inputs:  int_values
-- params:  none
-- output:  day    DATE
--          n_<i>  BIGINT  predictions whose feature i contradicts its replay
select
    int_values.day,
    {{range .}}count(*) filter (where int_values.e_{{num .}} = 3) as n_{{num .}},
    {{end}}
from int_values
where {{range $n, $i := .}}{{if $n}} or {{end}}int_values.e_{{num $i}} = 3{{else}}false{{end}}
group by int_values.day
order by int_values.day
