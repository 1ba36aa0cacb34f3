-- grain:   one row per row of the source and reading of it
-- inputs:  stg_source_<i>, in_readings, int_suspects_<feature>
-- params:  $first_at and $last_at TIMESTAMP (UTC): the earliest and latest instant of the suspects; $back_us, $ahead_us BIGINT:
--          how far from these the declared reading is asked at
-- output:  k_<i>      join key columns, and the number of the reading
--          event_at, known_at, dead_at   TIMESTAMP   as that reading sees them
--          schema_id  USMALLINT
--          v_0        the value
create or replace temp table int_versions_{{num .Index}} as
with {{template "reread" .}}

select
    reread.g as k_{{num .Reading}},
    {{range .Keys}}reread.k_{{num .}},
    {{end}}reread.seen_at as event_at,
    reread.known_at,
    reread.dead_at,
    reread.schema_id,
    reread.v_0,
from reread
where reread.known_at <= $last_at::timestamp + to_microseconds($ahead_us::bigint) and (not reread.skips or reread.v_0 is not null)
