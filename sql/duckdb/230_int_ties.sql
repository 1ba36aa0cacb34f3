-- grain:   one row per chosen prediction whose lookup leaves a tie between different values
-- inputs:  stg_predictions, int_lookup_<i>, stg_source_<i>
-- params:  $tolerance_<feature> DOUBLE (absolute), $relative_<feature> DOUBLE for each number feature of the lookup
-- output:  row_no  BIGINT
--          t_<feature>  BOOLEAN  one of the tied values is the served one
--          z_<feature>  BOOLEAN  one of the tied values is NULL
create or replace temp table int_ties_{{num .Index}} as
select
    int_lookup_{{num .Index}}.row_no,
    {{range .Features}}bool_or(coalesce({{template "same" .}}, false)) as t_{{num .Index}},
    bool_or(candidates.v_{{num .Value}} is null) as z_{{num .Index}},
    {{end}}
from int_lookup_{{num .Index}}
join stg_predictions on stg_predictions.rowid = int_lookup_{{num .Index}}.row_no
join stg_source_{{num .Source}} as candidates
    on {{range .Pairs}}candidates.k_{{num .Source}} = stg_predictions.k_{{num .Prediction}} and {{end}}{{if .Static}}true{{else}}candidates.event_at = int_lookup_{{num .Index}}.newest_at
    and candidates.known_at <= stg_predictions.features_at
    and (candidates.dead_at is null or candidates.dead_at > stg_predictions.features_at){{end}}
where ({{range $i, $v := .Values}}{{if $i}} or {{end}}int_lookup_{{num $.Index}}.m_{{num $v}}{{end}}){{if ge .Filter 0}} and candidates.w_{{num .Filter}}{{end}}
group by int_lookup_{{num .Index}}.row_no
