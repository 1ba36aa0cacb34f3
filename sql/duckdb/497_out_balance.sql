-- grain:   one row per contrast, covariate, stratum and side of it. A covariate is a number feature in its quartiles from its median, whether it
--          is there at all, or whether a text feature is one of its twenty most frequent words
-- inputs:  int_compared
-- params:  none
-- output:  contrast  BIGINT
--          feature   BIGINT
--          word      VARCHAR  of a text feature; NULL of a number
--          day       DATE     with version and segments the stratum
--          version, segments  VARCHAR
--          affected  BOOLEAN
--          weight    VARCHAR  of all rows, in units
--          present   VARCHAR  of those that have the number, or the word
--          sum, squares  VARCHAR  of the number and of its square, times weight
with totals as (
    select contrast, day, version, segments, affected, sum(weight) as weight
    from int_compared
    group by contrast, day, version, segments, affected
)
{{range .Features}}{{if .Text}},

counted_{{num .Index}} as (
    select contrast, x_{{num .Index}} as word
    from int_compared
    where x_{{num .Index}} is not null
    group by contrast, x_{{num .Index}}
    qualify row_number() over (partition by contrast order by count(*) desc, x_{{num .Index}}) <= 20
),

bearing_{{num .Index}} as (
    select contrast, x_{{num .Index}} as word, day, version, segments, affected, sum(weight) as weight
    from int_compared
    where x_{{num .Index}} is not null
    group by contrast, x_{{num .Index}}, day, version, segments, affected
)
{{else}},

spread_{{num .Index}} as (
    select
        contrast,
        quantile_disc(x_{{num .Index}}, 0.5) as middle,
        quantile_disc(x_{{num .Index}}, 0.75) - quantile_disc(x_{{num .Index}}, 0.25) as quartiles,
        max(x_{{num .Index}}) - min(x_{{num .Index}}) as reach,
    from int_compared
    group by contrast
),

scaled_{{num .Index}} as (
    select
        int_compared.contrast,
        int_compared.day,
        int_compared.version,
        int_compared.segments,
        int_compared.affected,
        int_compared.weight,
        case when int_compared.x_{{num .Index}} is not null then greatest(-1e6, least(1e6, (int_compared.x_{{num .Index}} - spread_{{num .Index}}.middle)
            / case when spread_{{num .Index}}.quartiles > 0 then spread_{{num .Index}}.quartiles when spread_{{num .Index}}.reach > 0 then spread_{{num .Index}}.reach else 1 end)) end as z,
    from int_compared
    join spread_{{num .Index}} on spread_{{num .Index}}.contrast = int_compared.contrast
)
{{end}}{{end}}
{{range $i, $f := .Features}}{{if $i}}union all
{{end}}{{if .Text}}select
    totals.contrast,
    {{num .Index}}::bigint as feature,
    counted_{{num .Index}}.word,
    totals.day,
    totals.version,
    totals.segments,
    totals.affected,
    cast(cast(totals.weight as decimal(38, 9)) as varchar) as weight,
    cast(cast(coalesce(bearing_{{num .Index}}.weight, 0) as decimal(38, 9)) as varchar) as present,
    cast(0::decimal(38, 9) as varchar) as sum,
    cast(0::decimal(38, 9) as varchar) as squares,
from totals
join counted_{{num .Index}} on counted_{{num .Index}}.contrast = totals.contrast
left join bearing_{{num .Index}}
    on bearing_{{num .Index}}.contrast = totals.contrast and bearing_{{num .Index}}.word = counted_{{num .Index}}.word
    and bearing_{{num .Index}}.day = totals.day and bearing_{{num .Index}}.version = totals.version
    and bearing_{{num .Index}}.segments = totals.segments and bearing_{{num .Index}}.affected = totals.affected
{{else}}select
    contrast,
    {{num .Index}}::bigint as feature,
    null::varchar as word,
    day,
    version,
    segments,
    affected,
    cast(cast(sum(weight) as decimal(38, 9)) as varchar) as weight,
    cast(cast(coalesce(sum(weight) filter (where z is not null), 0) as decimal(38, 9)) as varchar) as present,
    cast(cast(coalesce(sum(cast(cast(weight as double) * z as decimal(38, 9))), 0) as decimal(38, 9)) as varchar) as sum,
    cast(cast(coalesce(sum(cast(cast(weight as double) * z * z as decimal(38, 9))), 0) as decimal(38, 9)) as varchar) as squares,
from scaled_{{num .Index}}
group by contrast, day, version, segments, affected
{{end}}{{end}}
order by contrast, feature, word, day, version, segments, affected
