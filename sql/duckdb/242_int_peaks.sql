-- grain:   one row per key and instant at which the rows inside the window change
-- inputs:  int_openings_<feature>, int_steps_<feature>
-- params:  none
-- output:  k_<i>       join key columns
--          step_at     TIMESTAMP
--          rows_known, values_known, total   as int_steps_<feature> has them
--          peak        DOUBLE, VARCHAR or TIMESTAMP   greatest (or least) value inside the window from here on; NULL without any
-- Each row is inside from one step of its key to another. Numbered, the steps are the leaves of a binary tree: a row's steps
-- [first, last) are the fewest nodes that lie in them, at most two of a level, namely (at level l, nodes of 2^l steps) the
-- leftmost one ceil(first / 2^l) where it is odd, and the one before floor(last / 2^l) where that is odd, as long as the former
-- is less than the latter. The peak of a step is that of the nodes above it: as many look-ups as there are levels, however many
-- rows are in the window.
create or replace temp table int_peaks_{{num .Feature}} as
with numbered as (
    select
        {{range .Keys}}k_{{num .}},
        {{end}}step_at,
        rows_known,
        values_known,
        total,
        row_number() over (partition by {{template "plain_keys" .Keys}} order by step_at) - 1 as step,
    from int_steps_{{num .Feature}}
),

inside as (
    select
        {{range .Keys}}k_{{num .}},
        {{end}}value,
        greatest(opens_at, known_at) as enters_at,
        least(closes_at, coalesce(dead_at, closes_at)) as leaves_at,
    from int_openings_{{num .Feature}}
    where value is not null and greatest(opens_at, known_at) < least(closes_at, coalesce(dead_at, closes_at))
),

stretches as (
    select {{range .Keys}}inside.k_{{num .}}, {{end}}entered.step as first, gone.step as last, {{if .Max}}max{{else}}min{{end}}(inside.value) as value
    from inside
    join numbered as entered on {{range .Keys}}entered.k_{{num .}} = inside.k_{{num .}} and {{end}}entered.step_at = inside.enters_at
    join numbered as gone on {{range .Keys}}gone.k_{{num .}} = inside.k_{{num .}} and {{end}}gone.step_at = inside.leaves_at
    group by {{range .Keys}}inside.k_{{num .}}, {{end}}entered.step, gone.step
),

levelled as (
    select *, unnest(range(cast(ceil(log2(last - first)) as bigint) + 1)) as level
    from stretches
),

covered as (
    select
        {{range .Keys}}k_{{num .}},
        {{end}}value,
        level,
        (first + (1::bigint << level) - 1) >> level as low,
        last >> level as high,
    from levelled
),

nodes as (
    select {{range .Keys}}k_{{num .}}, {{end}}level, node, {{if .Max}}max{{else}}min{{end}}(value) as value
    from (
        select {{range .Keys}}k_{{num .}}, {{end}}level, low as node, value
        from covered
        where low < high and low % 2 = 1
        union all
        select {{range .Keys}}k_{{num .}}, {{end}}level, high - 1, value
        from covered
        where low < high and high % 2 = 1
    )
    group by {{range .Keys}}k_{{num .}}, {{end}}level, node
),

above as (
    select {{range .Keys}}k_{{num .}}, {{end}}step, level, step >> level as node
    from (
        select *, unnest(range((select max(level) + 1 from nodes))) as level
        from numbered
    )
),

peaks as (
    select {{range .Keys}}above.k_{{num .}}, {{end}}above.step, {{if .Max}}max{{else}}min{{end}}(nodes.value) as value
    from above
    join nodes on {{range .Keys}}nodes.k_{{num .}} = above.k_{{num .}} and {{end}}nodes.level = above.level and nodes.node = above.node
    group by {{range .Keys}}above.k_{{num .}}, {{end}}above.step
)

select
    {{range .Keys}}numbered.k_{{num .}},
    {{end}}numbered.step_at,
    numbered.rows_known,
    numbered.values_known,
    numbered.total,
    peaks.value as peak,
from numbered
left join peaks on {{range .Keys}}peaks.k_{{num .}} = numbered.k_{{num .}} and {{end}}peaks.step = numbered.step
