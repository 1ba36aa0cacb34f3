-- grain:   one row per UTC day of predictions
-- inputs:  int_instants, int_conditions
-- params:  none
-- output:  day       DATE
--          served    BIGINT  values of the features that were served, and that their replay has too
--          agreeing  BIGINT  of these, equal ones
select
    int_instants.day,
    cast({{range $i, $c := .Conditions}}{{if $i}} + {{end}}count(*) filter (where int_conditions.c_{{num $c}} not in (1, 2)){{end}} as bigint) as served,
    cast({{range $i, $c := .Conditions}}{{if $i}} + {{end}}count(*) filter (where int_conditions.c_{{num $c}} = 0){{end}} as bigint) as agreeing,
from int_instants
join int_conditions on int_conditions.row_no = int_instants.row_no
where int_instants.day is not null
group by int_instants.day
order by int_instants.day
