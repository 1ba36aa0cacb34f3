-- grain:   one row per outcome key that was ever delivered with a value
-- inputs:  int_outcome_instants, int_outcome_versions
-- params:  none
-- output:  o_<i>          outcome key columns
--          day            DATE       UTC day of its event, as its first row gave it
--          first_known    TIMESTAMP  NULL: only conflicting rows so far
--          value          DOUBLE     that counts at as-of; NULL: withdrawn, or only conflicts
--          repeated_rows  BIGINT     rows equal to the value already known
--          corrected      BOOLEAN    its value changed
--          duplicated     BOOLEAN    several different values at one instant
--          withdrawn      BOOLEAN    absent from a later snapshot
--          schema_id      USMALLINT  of the row that brought the value
create or replace temp table int_outcome_keys as
with settled as (
    select
        *,
        lag(value) over (partition by {{template "keys" .OutcomeKeys}} order by known_at) as settled_before,
    from int_outcome_instants
    where value is not null and not conflict
),

delivered as (
    select
        {{range .OutcomeKeys}}int_outcome_instants.o_{{num .Index}},
        {{end}}cast(arg_min(int_outcome_instants.event_at, int_outcome_instants.known_at) as date) as day,
        bool_or(int_outcome_instants.conflict) as duplicated,
    from int_outcome_instants
    where int_outcome_instants.value is not null
    group by {{template "keys" .OutcomeKeys}}
),

said as (
    select
        {{range .OutcomeKeys}}settled.o_{{num .Index}},
        {{end}}sum(settled.value_rows) as value_rows,
        bool_or(settled.settled_before is not null and settled.settled_before <> settled.value) as corrected,
        count(*) filter (where settled.settled_before is null or settled.settled_before <> settled.value) as changes,
    from settled
    group by {{template "keys" .OutcomeKeys}}
),

versions as (
    select
        {{range .OutcomeKeys}}int_outcome_versions.o_{{num .Index}},
        {{end}}min(int_outcome_versions.known_at) as first_known,
        arg_max_null(int_outcome_versions.value, int_outcome_versions.known_at) as value,
        arg_max_null(int_outcome_versions.schema_id, int_outcome_versions.known_at) as schema_id,
        bool_or(int_outcome_versions.value is null) as withdrawn,
    from int_outcome_versions
    group by {{template "keys" .OutcomeKeys}}
),

restored_alike as (
    select
        {{range .OutcomeKeys}}settled.o_{{num .Index}},
        {{end}}count(*) as instants,
    from settled
    join int_outcome_versions
        on {{range .OutcomeKeys}}int_outcome_versions.o_{{num .Index}} = settled.o_{{num .Index}} and {{end}}int_outcome_versions.known_at = settled.known_at
    where int_outcome_versions.before is null and settled.settled_before = settled.value
    group by {{range $i, $k := .OutcomeKeys}}{{if $i}}, {{end}}settled.o_{{num $k.Index}}{{end}}
)

select
    {{range .OutcomeKeys}}delivered.o_{{num .Index}},
    {{end}}delivered.day,
    versions.first_known,
    versions.value,
    cast(coalesce(said.value_rows - said.changes - coalesce(restored_alike.instants, 0), 0) as bigint) as repeated_rows,
    coalesce(said.corrected, false) as corrected,
    delivered.duplicated,
    coalesce(versions.withdrawn, false) as withdrawn,
    versions.schema_id,
from delivered
left join said on {{range $i, $k := .OutcomeKeys}}{{if $i}} and {{end}}said.o_{{num $k.Index}} = delivered.o_{{num $k.Index}}{{end}}
left join versions on {{range $i, $k := .OutcomeKeys}}{{if $i}} and {{end}}versions.o_{{num $k.Index}} = delivered.o_{{num $k.Index}}{{end}}
left join restored_alike on {{range $i, $k := .OutcomeKeys}}{{if $i}} and {{end}}restored_alike.o_{{num $k.Index}} = delivered.o_{{num $k.Index}}{{end}}
