-- grain:   one row per prediction whose feature contradicts its replay
-- inputs:  int_instants, int_suspects_<feature>
-- params:  none
-- output:  as int_instants
create or replace temp table int_asked_{{num .Feature}} as
select
    int_instants.row_no,
    int_instants.day,
    int_instants.features_at,
    {{range .Pairs}}int_instants.k_{{num .Prediction}},
    {{end}}
from int_instants
where int_instants.row_no in (select int_suspects_{{num .Feature}}.row_no from int_suspects_{{num .Feature}})
