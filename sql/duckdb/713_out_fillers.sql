-- grain:   one row per model version, of one served column that a column of a source, or a window of .Length, was found to be
-- inputs:  int_found, stg_sampled_0, stg_sampled_<n> of the source
-- params:  none
-- output:  version       VARCHAR  '' where none is named
--          missing       BIGINT   predictions looked at without a value in the source, or only one that is older than any that was used, that have one served
--          nulls         BIGINT   such that are served without one
--          filler        VARCHAR  what is served most often where the source has no value, or else where another value is served; its least of several
--          filled        BIGINT   predictions that have it
--          oldest_used   DOUBLE   seconds: greatest age of a row with a value that was served
--          newest_unused DOUBLE   seconds: least age of a row with a value in whose place the filler, or nothing, was served, beyond oldest_used
--          replaced      BIGINT   such rows
with rows as (
    select
        {{if .Version}}coalesce(predictions.{{if eq .Version.Class "text"}}v_{{else}}k_{{end}}{{num .Version.Index}}, ''){{else}}''{{end}} as version,
        predictions.v_{{num .Served.Index}} as served,
        {{if .Length}}case when epoch_us(int_found.asked_at) - epoch_us(int_found.event_at) < {{num .Length}} then '' end{{else}}source.v_{{num .Value.Index}}{{end}} as source_value,
        (epoch_us(int_found.asked_at) - epoch_us(int_found.event_at)) / 1e6 as age_s,
        {{if .Length}}false{{else if .Numbers}}abs(predictions.v_{{num .Served.Index}} - source.v_{{num .Value.Index}}) <= 1e-6 * greatest(abs(predictions.v_{{num .Served.Index}}), abs(source.v_{{num .Value.Index}})){{else}}predictions.v_{{num .Served.Index}} = source.v_{{num .Value.Index}}{{end}} as agrees,
    from int_found
    join stg_sampled_0 as predictions on int_found.row_no = predictions.row_no
    left join stg_sampled_{{num .Index}} as source on int_found.source_no = source.row_no
),

fillers as (
    select
        rows.version,
        rows.served,
        count(*) as n,
        count(*) filter (where rows.source_value is null) as nulls,
    from rows
    where (rows.source_value is null or not coalesce(rows.agrees, false)) and rows.served is not null
    group by rows.version, rows.served
),

most as (
    select
        version,
        served,
        n,
    from fillers
    qualify row_number() over (partition by version order by nulls desc, n desc, served) = 1
),

-- A row whose value is the filler says nothing of whether it was used.
ages as (
    select
        rows.version,
        max(rows.age_s) filter (where rows.agrees and rows.served is distinct from most.served) as oldest_used,
    from rows
    left join most on rows.version = most.version
    group by rows.version
)

select
    rows.version,
    count(*) filter (where {{template "filler_gone"}} and rows.served is not null) as missing,
    count(*) filter (where {{template "filler_gone"}} and rows.served is null) as nulls,
    any_value(most.served)::varchar as filler,
    count(*) filter (where {{template "filler_gone"}} and rows.served = most.served) as filled,
    any_value(ages.oldest_used) as oldest_used,
    min(rows.age_s) filter (where {{template "filler_replaced"}}) as newest_unused,
    count(*) filter (where {{template "filler_replaced"}}) as replaced,
from rows
join ages on rows.version = ages.version
left join most on rows.version = most.version
group by rows.version
order by rows.version
