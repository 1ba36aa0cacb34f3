-- grain:   one row per UTC day and way of writing keys alike that brings rows of a join back
-- inputs:  int_instants, stg_source_<i>
-- params:  $ways VARCHAR[]  how keys may be written alike, as the macro alike knows them
-- output:  day       DATE
--          way       VARCHAR
--          missing   BIGINT  predictions whose key the source did not hold then, as it is written
--          brought   BIGINT  of these, those whose key it did hold once both are written alike
--          before    BIGINT  of these, those whose key, as the source writes it, earlier predictions of the run asked with
--          "keys"    BIGINT  different keys among those brought back
--          first_at, last_at   TIMESTAMP   earliest and latest instant at which features of these were read
with ways as (
    select unnest($ways::varchar[]) as way
),

asked as (
    select
        int_instants.day,
        int_instants.features_at,
        {{range .Pairs}}int_instants.k_{{num .Prediction}} as p_{{num .Source}},
        {{end}}
    from int_instants
    where {{range .Pairs}}int_instants.k_{{num .Prediction}} is not null and {{end}}int_instants.features_at is not null
),

held as (
    select {{template "plain_keys" .Keys}}, min(coalesce(known_at, timestamp '-infinity')) as held_from
    from stg_source_{{num .Source}}
    where {{range .Keys}}k_{{num .}} is not null and {{end}}true
    group by {{template "plain_keys" .Keys}}
),

lost as (
    select *
    from asked
    anti join held on {{range $i, $k := .Keys}}{{if $i}} and {{end}}held.k_{{num $k}} = asked.p_{{num $k}}{{end}} and held.held_from <= asked.features_at
),

written as (
    select
        ways.way,
        {{range .Keys}}alike(ways.way, held.k_{{num .}}) as a_{{num .}},
        {{end}}min(held.held_from) as held_from,
        min(met.asked_from) as asked_from,
    from held
    cross join ways
    left join (select {{range .Keys}}p_{{num .}}, {{end}}min(features_at) as asked_from from asked group by {{range $i, $k := .Keys}}{{if $i}}, {{end}}p_{{num $k}}{{end}}) as met
        on {{range $i, $k := .Keys}}{{if $i}} and {{end}}met.p_{{num $k}} = held.k_{{num $k}}{{end}}
    group by ways.way{{range .Keys}}, alike(ways.way, held.k_{{num .}}){{end}}
),

tried as (
    select
        lost.day,
        lost.features_at,
        ways.way,
        concat_ws('|'{{range .Keys}}, lost.p_{{num .}}{{end}}) as lost_key,
        written.way is not null as brought,
        coalesce(written.asked_from < lost.features_at, false) as asked_before,
    from lost
    cross join ways
    left join written
        on written.way = ways.way{{range .Keys}} and written.a_{{num .}} = alike(ways.way, lost.p_{{num .}}){{end}} and written.held_from <= lost.features_at
)

select
    tried.day,
    tried.way,
    count(*) as missing,
    count(*) filter (where tried.brought) as brought,
    count(*) filter (where tried.asked_before) as before,
    count(distinct tried.lost_key) filter (where tried.brought) as "keys",
    min(tried.features_at) filter (where tried.brought) as first_at,
    max(tried.features_at) filter (where tried.brought) as last_at,
from tried
group by tried.day, tried.way
having count(*) filter (where tried.brought) > 0
order by tried.day, tried.way
