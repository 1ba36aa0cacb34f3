-- grain:   one row per prediction of int_instants whose key has had a row in the window
-- inputs:  int_instants, int_steps_<feature>, int_extremes_<feature> for min and max
-- params:  none
-- output:  row_no      BIGINT
--          rows_known  BIGINT   rows inside the window, as known at the instant
--          rows_final  BIGINT   rows inside the window, as known by as-of
--          value       DOUBLE, VARCHAR or TIMESTAMP   the replayed aggregate; NULL where it has none
create or replace temp table int_window_{{num .Feature}} as
select
    instants.row_no,
    steps.rows_known,
    steps.rows_final,
    {{if .Extreme}}case when steps.rows_known > 0 then extremes.value end{{else if .Mean}}cast(steps.total as double) / nullif(steps.values_known, 0){{else if .Sums}}case when steps.values_known > 0 then cast(steps.total as double) end{{else}}cast(steps.values_known as double){{end}} as value,
from {{template "keyed_instants" .}} as instants
asof join int_steps_{{num .Feature}} as steps
    on {{range .Pairs}}instants.p_{{num .Source}} = steps.k_{{num .Source}} and {{end}}instants.features_at >= steps.step_at
{{if .Extreme}}left join int_extremes_{{num .Feature}} as extremes on extremes.row_no = instants.row_no{{end}}
