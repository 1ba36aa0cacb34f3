-- grain:   one row per UTC day and finalist
-- inputs:  int_trials_<feature>, in_finalists
-- params:  $tolerance DOUBLE, $relative DOUBLE of number features
-- output:  day       DATE
--          h         BIGINT
--          pairs     BIGINT  pairs of one counted suspect and another's value: neighbours up to four places apart in the sample's order
--          lucky     BIGINT  of these, those in which the other's value is what was served
--          pieces    BIGINT  different pieces of evidence among the suspects that it reproduces
with counted as (
    select
        int_trials_{{num .Feature}}.day,
        int_trials_{{num .Feature}}.h,
        int_trials_{{num .Feature}}.place,
        int_trials_{{num .Feature}}.said,
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
        piece,
        hits,
        {{range $n := seq 4}}lead(value, {{num (add $n 1)}}) over by_place as value_{{num $n}},
        lead(place, {{num (add $n 1)}}) over by_place is not null as paired_{{num $n}},
        {{end}}
    from counted
    window by_place as (partition by day, h order by place)
)

select
    shuffled.day,
    shuffled.h,
    cast({{range $n := seq 4}}{{if $n}} + {{end}}count(*) filter (where shuffled.paired_{{num $n}}){{end}} as bigint) as pairs,
    cast({{range $n := seq 4}}{{if $n}} + {{end}}count(*) filter (where shuffled.paired_{{num $n}} and {{if $.Number}}close_to(shuffled.said, shuffled.value_{{num $n}}, $tolerance::double, $relative::double){{else}}shuffled.said is not distinct from shuffled.value_{{num $n}}{{end}}){{end}} as bigint) as lucky,
    count(distinct shuffled.piece) filter (where shuffled.hits) as pieces,
from shuffled
group by shuffled.day, shuffled.h
order by shuffled.day, shuffled.h
