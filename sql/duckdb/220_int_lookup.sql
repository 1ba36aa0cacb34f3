-- grain:   one row per prediction of int_instants that finds a row of the source under its key
-- inputs:  int_instants, int_states_<i>
-- params:  none
-- output:  row_no     BIGINT
--          newest_at  TIMESTAMP  `at` of the newest row known at the instant
--          row_count  BIGINT     rows there
--          schema_id  USMALLINT
--          v_<i>      greatest value there
--          m_<i>      BOOLEAN    several different values there
create or replace temp table int_lookup_{{num .Index}} as
select
    instants.row_no,
    states.newest_at,
    states.row_count,
    states.schema_id,
    {{range .Values}}states.v_{{num .}},
    states.m_{{num .}},
    {{end}}
from {{template "keyed_instants" .}} as instants
asof join int_states_{{num .Index}} as states
    on {{range .Pairs}}instants.p_{{num .Source}} = states.k_{{num .Source}} and {{end}}instants.features_at >= states.from_at
where states.row_count > 0
