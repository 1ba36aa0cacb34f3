-- grain:   one row per outcome key and instant at which the value that counts changed
-- inputs:  int_outcome_instants, stg_outcomes
-- params:  none
-- output:  o_<i>       outcome key columns
--          known_at    TIMESTAMP
--          value       DOUBLE     NULL: withdrawn by a later snapshot
--          before      DOUBLE     the value that counted until then; NULL: none
--          schema_id   USMALLINT  of the row that brought it
-- Conflicting rows of one instant are set aside: what counted before them goes on counting.
create or replace temp table int_outcome_versions as
with {{if .Snapshot}}deliveries as (
    select known_at, row_number() over (order by known_at) as delivery_no
    from (select distinct known_at from stg_outcomes where known_at is not null)
),

present as (
    select int_outcome_instants.*, deliveries.delivery_no
    from int_outcome_instants
    join deliveries on deliveries.known_at = int_outcome_instants.known_at
    where int_outcome_instants.value is not null
),

gone as (
    select
        {{range .OutcomeKeys}}o_{{num .Index}},
        {{end}}delivery_no + 1 as delivery_no,
    from present
    qualify coalesce(lead(delivery_no) over (partition by {{template "keys" .OutcomeKeys}} order by delivery_no), -1) <> delivery_no + 1
),

{{end}}events as (
    select
        {{range .OutcomeKeys}}o_{{num .Index}},
        {{end}}known_at,
        {{if .First}}first_value(value) over (partition by {{template "keys" .OutcomeKeys}} order by known_at){{else}}value{{end}} as value,
        schema_id,
    from int_outcome_instants
    where value is not null and not conflict
    {{if .Snapshot}}
    union all
    select
        {{range .OutcomeKeys}}gone.o_{{num .Index}},
        {{end}}deliveries.known_at,
        null as value,
        null as schema_id,
    from gone
    join deliveries on deliveries.delivery_no = gone.delivery_no
    {{end}}
),

ordered as (
    select
        *,
        lag(value) over (partition by {{template "keys" .OutcomeKeys}} order by known_at) as before,
    from events
)

select
    {{range .OutcomeKeys}}ordered.o_{{num .Index}},
    {{end}}ordered.known_at,
    ordered.value,
    ordered.before,
    ordered.schema_id,
from ordered
where ordered.value is distinct from ordered.before
