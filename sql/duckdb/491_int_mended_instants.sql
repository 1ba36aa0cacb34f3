-- grain:   one row per prediction that a mend is to replay anew
-- inputs:  int_instants, int_repair_rows, in_coalitions
-- params:  $mend BIGINT, $way VARCHAR  how keys are written alike
-- output:  as int_instants, keys written alike where the mend does that
create or replace temp table int_mended_instants as
select
    int_instants.row_no,
    int_instants.day,
    int_instants.features_at,
    {{range .Keys}}{{if .Alike}}alike($way::varchar, int_instants.k_{{num .Index}}) as k_{{num .Index}}{{else}}int_instants.k_{{num .Index}}{{end}},
    {{end}}
from int_instants
semi join (
    select int_repair_rows.row_no
    from int_repair_rows
    join in_coalitions on in_coalitions.coalition = int_repair_rows.coalition
    where in_coalitions.mend = $mend::bigint
) as mended on mended.row_no = int_instants.row_no
