-- grain:   one row per UTC day and finalist
-- inputs:  int_trials_<feature>, in_finalists
-- params:  $least BIGINT; $tolerance DOUBLE, $relative DOUBLE of number features
-- output:  day       DATE
--          h         BIGINT
--          pairs     BIGINT  pairs of one counted suspect and another's value, which says something other than the declaration
--                            there too: neighbours up to four places apart in the sample's order
--          lucky     BIGINT  of these, those in which the other's value is what was served
--          pieces    BIGINT  different pieces of evidence among the suspects that it reproduces
--          least     UBIGINT[]  the $least least of their hashes, ascending
-- Of a feature of two values every suspect was served the other one, so that whatever says something other than the declaration
-- is right: that pairs count as suspects do makes its chance 1.
with counted as (
    select
        int_trials_{{num .Feature}}.day,
        int_trials_{{num .Feature}}.h,
        int_trials_{{num .Feature}}.place,
        int_trials_{{num .Feature}}.said,
        int_trials_{{num .Feature}}.meant,
        int_trials_{{num .Feature}}.value,
        int_trials_{{num .Feature}}.piece,
        int_trials_{{num .Feature}}.hits,
    from int_trials_{{num .Feature}}
    join in_finalists on in_finalists.day = int_trials_{{num .Feature}}.day and in_finalists.h = int_trials_{{num .Feature}}.h
),

shuffled as (
    select
        day,
        h,
        said,
        meant,
        {{range $n := seq 4}}lead(value, {{num (add $n 1)}}) over by_place as value_{{num $n}},
        lead(place, {{num (add $n 1)}}) over by_place is not null as follows_{{num $n}},
        {{end}}
    from counted
    window by_place as (partition by day, h order by place)
),

paired as (
    select
        *,
        {{range $n := seq 4}}follows_{{num $n}} and not {{if $.Number}}close_to(meant, value_{{num $n}}, $tolerance::double, $relative::double){{else}}meant is not distinct from value_{{num $n}}{{end}} as paired_{{num $n}},
        {{end}}
    from shuffled
),

pieces as (
    select distinct day, h, cast('0x' || left(md5(piece), 16) as ubigint) as code
    from counted
    where hits
),

listed as (
    select day, h, count(*) as pieces, min(code, $least::bigint) as least
    from pieces
    group by day, h
),

shuffled_figures as (
    select
        day,
        h,
        {{range $n := seq 4}}{{if $n}} + {{end}}count(*) filter (where paired_{{num $n}}){{end}} as pairs,
        {{range $n := seq 4}}{{if $n}} + {{end}}count(*) filter (where paired_{{num $n}} and {{if $.Number}}close_to(said, value_{{num $n}}, $tolerance::double, $relative::double){{else}}said is not distinct from value_{{num $n}}{{end}}){{end}} as lucky,
    from paired
    group by day, h
)

select
    figures.day,
    figures.h,
    cast(figures.pairs as bigint) as pairs,
    cast(figures.lucky as bigint) as lucky,
    coalesce(listed.pieces, 0) as pieces,
    coalesce(listed.least, []) as least,
from shuffled_figures as figures
left join listed on listed.day = figures.day and listed.h = figures.h
order by figures.day, figures.h
