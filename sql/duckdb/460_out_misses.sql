-- grain:   one row per UTC day and way of writing keys alike that brings rows of a join back
-- inputs:  int_instants, stg_source_<i>
-- params:  $ways VARCHAR[]  how keys may be written alike, as the macro alike knows them
-- output:  day       DATE
--          way       VARCHAR
--          missing   BIGINT  predictions whose key the source does not hold as it is written
--          brought   BIGINT  of these, those whose key it holds once both are written alike
--          before    BIGINT  of these, those whose key, as the source writes it, other predictions of the run asked with
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
    select distinct {{template "plain_keys" .Keys}}
    from stg_source_{{num .Source}}
    where {{range .Keys}}k_{{num .}} is not null and {{end}}true
),

lost as (
    select *
    from asked
    anti join held on {{range $i, $k := .Keys}}{{if $i}} and {{end}}held.k_{{num $k}} = asked.p_{{num $k}}{{end}}
),

written as (
    select
        ways.way,
        {{range .Keys}}alike(ways.way, held.k_{{num .}}) as a_{{num .}},
        {{end}}bool_or(met.p_{{num .First}} is not null) as asked_before,
    from held
    cross join ways
    left join (select distinct {{range .Keys}}p_{{num .}}, {{end}}true as met from asked) as met
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
        coalesce(written.asked_before, false) as asked_before,
    from lost
    cross join ways
    left join written
        on written.way = ways.way{{range .Keys}} and written.a_{{num .}} = alike(ways.way, lost.p_{{num .}}){{end}}
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
