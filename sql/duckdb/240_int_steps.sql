-- grain:   one row per key and instant at which the rows inside the window change
-- inputs:  stg_source_<i>, or int_openings_<feature>
-- params:  $length_us BIGINT, $offset_us BIGINT (microseconds), $as_of TIMESTAMP (UTC), $first_at and $last_at TIMESTAMP
--          (UTC): the earliest and latest instant that windows are asked for at
-- output:  k_<i>       join key columns
--          step_at     TIMESTAMP
--          rows_known  BIGINT   rows in the window from here on, as known then
--          rows_final  BIGINT   rows in the window from here on, as known by as-of
--          values_known  BIGINT   of rows_known, those with a value (of count_distinct: different values; of sums: finite)
--          total       DECIMAL(38, scale)   sum of the values of rows_known, of distinct ones of each once
-- A row is inside (t - offset - length, t - offset] from opens_at = at + offset to closes_at = opens_at + length, both
-- moved up to the next whole unit where the window is aligned; it counts from when it is known until it is replaced.
-- Different values are present in islands of rows that touch; of rows that come and go together one is enough, and where two
-- were left, one sort could put them otherwise than the next and see two islands.
-- Rows that are out before first_at, or come in after last_at, are left out. Every row that enters leaves, so that the
-- moves of a key add up to nothing: running sums need not start anew with each key, and a window without partition or
-- order runs through the sorted steps in one go where DuckDB would otherwise build a tree over them (2.7 times as fast).
create or replace temp table int_steps_{{num .Feature}} as
with opened as (
    {{if .Opened}}select {{range .Keys}}k_{{num .}}, {{end}}value, opens_at, closes_at, known_at, dead_at
    from int_openings_{{num .Feature}}
    {{else}}select
        {{range .Keys}}k_{{num .}},
        {{end}}{{if ge .Value 0}}v_{{num .Value}}{{else}}1{{end}} as value,
        {{if .Align}}up_to('{{name .Align}}', {{end}}event_at + to_microseconds($offset_us::bigint){{if .Align}}){{end}} as opens_at,
        {{if .Align}}up_to('{{name .Align}}', {{end}}event_at + to_microseconds($offset_us::bigint + $length_us::bigint){{if .Align}}){{end}} as closes_at,
        known_at,
        dead_at,
    from stg_source_{{num .Source}}
    where {{range .Keys}}k_{{num .}} is not null and {{end}}true{{if ge .Filter 0}} and w_{{num .Filter}}{{end}}
    {{end}}
),

visible as (
    select *
    from opened
    where {{if .Opened}}true{{else}}closes_at > $first_at::timestamp and opens_at <= $last_at::timestamp{{end}}
),

known as (
    select
        *,
        greatest(opens_at, known_at) as enters_at,
        least(closes_at, coalesce(dead_at, closes_at)) as leaves_at,
        {{template "amount" .}} as amount,
    from visible
    where greatest(opens_at, known_at) < least(closes_at, coalesce(dead_at, closes_at))
),

{{if .Distinct}}presences_of_rows as (
    select distinct {{range .Keys}}k_{{num .}}, {{end}}value, amount, enters_at, leaves_at
    from known
    where value is not null{{if .Sums}} and isfinite(value){{end}}
),

reaching as (
    select
        *,
        max(leaves_at) over (
            partition by {{template "plain_keys" .Keys}}, value
            order by enters_at, leaves_at
            rows between unbounded preceding and 1 preceding
        ) as reached_at,
    from presences_of_rows
),

islands as (
    select
        *,
        sum(case when reached_at >= enters_at then 0 else 1 end) over (
            partition by {{template "plain_keys" .Keys}}, value
            order by enters_at, leaves_at
            rows between unbounded preceding and current row
        ) as island,
    from reaching
),

presences as (
    select {{range .Keys}}k_{{num .}}, {{end}}min(enters_at) as enters_at, max(leaves_at) as leaves_at, min(amount) as amount
    from islands
    group by {{template "plain_keys" .Keys}}, value, island
),

{{end}}moves as (
    select {{range .Keys}}k_{{num .}}, {{end}}enters_at as step_at, 1 as d_known, 0 as d_final, {{if .Distinct}}0{{else}}case when {{if .Sums}}isfinite(value){{else}}value is not null{{end}} then 1 else 0 end{{end}} as d_values, {{if .Distinct}}0{{else}}amount{{end}} as d_total
    from known
    union all
    select {{range .Keys}}k_{{num .}}, {{end}}leaves_at, -1, 0, {{if .Distinct}}0{{else}}case when {{if .Sums}}isfinite(value){{else}}value is not null{{end}} then -1 else 0 end{{end}}, {{if .Distinct}}0{{else}}-amount{{end}}
    from known
    {{if .Distinct}}union all
    select {{range .Keys}}k_{{num .}}, {{end}}enters_at, 0, 0, 1, amount
    from presences
    union all
    select {{range .Keys}}k_{{num .}}, {{end}}leaves_at, 0, 0, -1, -amount
    from presences
    {{end}}{{if .Final}}union all
    select {{range .Keys}}k_{{num .}}, {{end}}opens_at, 0, 1, 0, 0
    from visible
    where dead_at is null or dead_at > $as_of::timestamp
    union all
    select {{range .Keys}}k_{{num .}}, {{end}}closes_at, 0, -1, 0, 0
    from visible
    where dead_at is null or dead_at > $as_of::timestamp
    {{end}}
),

steps as (
    select
        {{range .Keys}}k_{{num .}},
        {{end}}step_at,
        sum(d_known) as d_known,
        {{if .Final}}sum(d_final) as d_final,
        {{end}}sum(d_values) as d_values,
        sum(d_total) as d_total,
    from moves
    group by {{template "plain_keys" .Keys}}, step_at
),

sorted as (
    select *
    from steps
    order by {{range .Keys}}k_{{num .}}, {{end}}step_at
),

running as (
    select
        {{range .Keys}}sorted.k_{{num .}},
        {{end}}sorted.step_at,
        cast(sum(sorted.d_known) over so_far as bigint) as rows_known,
        {{if .Final}}cast(sum(sorted.d_final) over so_far as bigint) as rows_final,
        {{end}}cast(sum(sorted.d_values) over so_far as bigint) as values_known,
        sum(sorted.d_total) over so_far as total,
    from sorted
    window so_far as (rows between unbounded preceding and current row)
)

select
    {{range .Keys}}running.k_{{num .}},
    {{end}}running.step_at,
    running.rows_known,
    {{if .Final}}running.rows_final{{else}}running.rows_known as rows_final{{end}},
    running.values_known,
    running.total,
from running
