-- grain:   one row per row of the source and reading of it, in whose windows it is at some instant that is asked for
-- inputs:  stg_source_<i>, in_readings, int_suspects_<feature>
-- params:  $first_at and $last_at TIMESTAMP (UTC): the earliest and latest instant of the suspects; $back_us, $ahead_us BIGINT:
--          how far from these the declared reading is asked at
-- output:  k_<i>      join key columns, and the number of the reading
--          value      DOUBLE, VARCHAR or TIMESTAMP
--          opens_at   TIMESTAMP  the row is inside from here on
--          closes_at  TIMESTAMP  and no more from here on
--          known_at, dead_at   TIMESTAMP
create or replace temp table int_openings_{{num .Index}} as
with {{template "reread" .}},

opened as (
    select
        *,
        case when align <> '' then up_to(align, seen_at + to_microseconds(offset_us + opens_us)) else seen_at + to_microseconds(offset_us + opens_us) end as opens_at,
        case
            when to_date <> '' then date_trunc(to_date, seen_at + to_microseconds(offset_us)) + to_microseconds(length_us)
            when align <> '' then up_to(align, seen_at + to_microseconds(offset_us + length_us + closes_us))
            else seen_at + to_microseconds(offset_us + length_us + closes_us)
        end as closes_at,
    from reread
)

select
    opened.g as k_{{num .Reading}},
    {{range .Keys}}opened.k_{{num .}},
    {{end}}{{if .Counted}}1{{else}}opened.v_0{{end}} as value,
    opened.opens_at,
    opened.closes_at,
    opened.known_at,
    opened.dead_at,
from opened
where opened.closes_at > $first_at::timestamp - case when opened.g = 0 then to_microseconds($back_us::bigint) else to_microseconds(0) end
    and opened.opens_at <= $last_at::timestamp + case when opened.g = 0 then to_microseconds($ahead_us::bigint) else to_microseconds(0) end
