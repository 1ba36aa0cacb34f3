-- grain:   one row per UTC day and winner that spared some rows: it says something else of them too, and they were served as declared
-- inputs:  int_trials_<feature> and int_suspects_<feature> of all suspects, the same numbered .Spared of rows that agree
-- params:  $most BIGINT  how many rows of a day that agree were looked at
-- output:  day       DATE
--          h         BIGINT
--          struck    BIGINT  suspects that it reproduces
--          spared    DOUBLE  rows that it spared, of keys that it struck, between the first and the last that it struck; of all that agree
--          apart     DOUBLE  0 to 1: how far the declared values of struck and spared rows lie apart; of numbers the Kolmogorov-Smirnov
--                            distance, of others the total variation
--          below, above  DOUBLE  0 to 1: share of the spared rows, of numbers, whose declared value is less than any, or more than any, of the struck ones
--          mixed     BIGINT  pieces, that is keys by the hour, with several rows of which some were struck and some spared
--          due       DOUBLE  how many of them would be so if it were drawn row by row which are struck
with struck as (
    select
        trials.day,
        trials.h,
        trials.meant,
        suspects.features_at,
        concat_ws('|', {{range .Keys}}suspects.p_{{num .}}, {{end}}date_trunc('hour', suspects.features_at)) as piece,
        {{range .Keys}}suspects.p_{{num .}},
        {{end}}
    from int_trials_{{num .Feature}} as trials
    join int_suspects_{{num .Feature}} as suspects on suspects.row_no = trials.row_no
    where trials.hits
),

bounds as (
    select day, h, min(features_at) as first_at, max(features_at) as last_at, min(meant) as least, max(meant) as most
    from struck
    group by day, h
),

hit_keys as (
    select distinct day, h, {{range $i, $k := .Keys}}{{if $i}}, {{end}}p_{{num $k}}{{end}}
    from struck
),

spared as (
    select
        trials.day,
        trials.h,
        trials.meant,
        concat_ws('|', {{range .Keys}}agreeing.p_{{num .}}, {{end}}date_trunc('hour', agreeing.features_at)) as piece,
        agreeing.day_rows / least(agreeing.day_rows, $most::bigint) as weight,
    from int_trials_{{num .Spared}} as trials
    join int_suspects_{{num .Spared}} as agreeing on agreeing.row_no = trials.row_no
    join bounds on bounds.day = trials.day and bounds.h = trials.h and agreeing.features_at between bounds.first_at and bounds.last_at
    join hit_keys on hit_keys.day = trials.day and hit_keys.h = trials.h{{range .Keys}} and hit_keys.p_{{num .}} = agreeing.p_{{num .}}{{end}}
),

every as (
    select day, h, piece, meant, 1 as hit, 0 as miss, 0.0 as weight
    from struck
    union all
    select day, h, piece, meant, 0, 1, weight
    from spared
),

totals as (
    select day, h, sum(hit) as struck, sum(miss) as looked_at, sum(weight) as spared, sum(hit) / (sum(hit) + sum(miss)) as rate
    from every
    group by day, h
    having sum(miss) > 0
),

by_value as (
    select every.day, every.h, every.meant, sum(every.hit) / any_value(totals.struck) as hit, sum(every.miss) / any_value(totals.looked_at) as miss
    from every
    join totals on totals.day = every.day and totals.h = every.h
    group by every.day, every.h, every.meant
),

distances as (
    select
        day,
        h,
        {{if .Number}}abs(sum(hit - miss) over (partition by day, h order by meant nulls first)){{else}}abs(hit - miss){{end}} as distance,
    from by_value
),

lying as (
    select day, h, {{if .Number}}max(distance){{else}}sum(distance) / 2{{end}} as apart
    from distances
    group by day, h
),

{{if .Number}}outside as (
    select
        spared.day,
        spared.h,
        count(*) filter (where spared.meant < bounds.least) / count(*) as below,
        count(*) filter (where spared.meant > bounds.most) / count(*) as above,
    from spared
    join bounds on bounds.day = spared.day and bounds.h = spared.h
    group by spared.day, spared.h
),

{{end}}pieces as (
    select every.day, every.h, every.piece, sum(every.hit) as hit, count(*) as n, any_value(totals.rate) as rate
    from every
    join totals on totals.day = every.day and totals.h = every.h
    group by every.day, every.h, every.piece
    having count(*) > 1
),

mixing as (
    select day, h, count(*) filter (where hit > 0 and hit < n) as mixed, sum(1 - pow(rate, n) - pow(1 - rate, n)) as due
    from pieces
    group by day, h
)

select
    totals.day,
    totals.h,
    cast(totals.struck as bigint) as struck,
    cast(totals.spared as double) as spared,
    lying.apart,
    {{if .Number}}coalesce(outside.below, 0){{else}}0.0::double{{end}} as below,
    {{if .Number}}coalesce(outside.above, 0){{else}}0.0::double{{end}} as above,
    coalesce(mixing.mixed, 0) as mixed,
    coalesce(round(mixing.due, 6), 0) as due,
from totals
join lying on lying.day = totals.day and lying.h = totals.h
{{if .Number}}left join outside on outside.day = totals.day and outside.h = totals.h
{{end}}left join mixing on mixing.day = totals.day and mixing.h = totals.h
order by totals.day, totals.h
