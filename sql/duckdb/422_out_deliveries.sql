-- grain:   one row per UTC hour, or minute where each delivery is whole, in which outcome rows became known or a delivery left
--          keys out
-- inputs:  int_outcome_instants, int_outcome_versions
-- params:  none
-- output:  came_at    TIMESTAMP
--          keys       BIGINT  delivered with a value
--          conflicts  BIGINT  of these, with several different values at one instant
--          torn_from  TIMESTAMP  when the first of the events of these happened; NULL without any
--          withdrawn  BIGINT  keys that a whole delivery no longer holds
--          restored   BIGINT  keys that were withdrawn and are back
with delivered as (
    select
        date_trunc({{if .Snapshot}}'minute'{{else}}'hour'{{end}}, known_at) as came_at,
        count(*) as keys,
        count(*) filter (where conflict) as conflicts,
        min(event_at) filter (where conflict) as torn_from,
    from int_outcome_instants
    where value is not null
    group by date_trunc({{if .Snapshot}}'minute'{{else}}'hour'{{end}}, known_at)
),

turns as (
    select
        date_trunc({{if .Snapshot}}'minute'{{else}}'hour'{{end}}, known_at) as came_at,
        value is null as withdrawn,
        value is not null and before is null
            and row_number() over (partition by {{template "keys" .OutcomeKeys}} order by known_at) > 1 as restored,
    from int_outcome_versions
),

turned as (
    select
        came_at,
        count(*) filter (where withdrawn) as withdrawn,
        count(*) filter (where restored) as restored,
    from turns
    where withdrawn or restored
    group by came_at
)

select
    coalesce(delivered.came_at, turned.came_at) as came_at,
    coalesce(delivered.keys, 0) as keys,
    coalesce(delivered.conflicts, 0) as conflicts,
    delivered.torn_from,
    coalesce(turned.withdrawn, 0) as withdrawn,
    coalesce(turned.restored, 0) as restored,
from delivered
full join turned on turned.came_at = delivered.came_at
order by came_at
