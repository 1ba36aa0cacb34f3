-- grain:   one row per row of the source whose number is put back from another unit
-- inputs:  stg_source_<i>
-- params:  $number DOUBLE[], $was DOUBLE[], $odds DOUBLE[]  one entry each: a number, what it was before, and the natural logarithm of
--                    how much likelier it is of a converted row than of another
--          $share DOUBLE  of the rows that are converted
--          $from_at TIMESTAMP, $to_at TIMESTAMP  when they became known: [from, to)
-- output:  row_no  BIGINT
--          was     DOUBLE
-- How many rows of a key are converted is told by those whose numbers tell; a number that could be either goes with the others of its key. Of
-- several key columns, what other keys with a value of one in common are like is what a key is expected to be like: odds are multiplied, as
-- if columns worked apart, and count as one row that tells.
create or replace temp table int_converted_{{num .Into}}_{{num .Unit}} as
with numbers as (
    select
        unnest($number::double[]) as number,
        unnest($was::double[]) as was,
        unnest($odds::double[]) as odds,
),

told as (
    select
        stg_source_{{num .Index}}.rowid as row_no,
        {{range .Keys}}stg_source_{{num $.Index}}.k_{{num .Index}},
        {{end}}numbers.was,
        numbers.odds,
        numbers.odds >= 2 or numbers.odds <= -6 as tells,
        cast(1 / (1 + (1 - $share::double) / $share::double * exp(-numbers.odds)) as decimal(18, 9)) as chance,
    from stg_source_{{num .Index}}
    join numbers on numbers.number = stg_source_{{num .Index}}.v_{{num .Value}}
    where
        stg_source_{{num .Index}}.known_at >= $from_at::timestamp
        and stg_source_{{num .Index}}.known_at < $to_at::timestamp
),

counted as (
    select
        *,
        coalesce(sum(chance) filter (where tells) over same_key, 0) as converted,
        count(*) filter (where tells) over same_key as telling,
        {{if .Others}}{{range .Keys}}coalesce(sum(chance) filter (where tells) over by_{{num .Index}}, 0) as converted_{{num .Index}},
        count(*) filter (where tells) over by_{{num .Index}} as telling_{{num .Index}},
        {{end}}{{end}}
    from told
    window
        same_key as ({{if .Keys}}partition by {{range $n, $k := .Keys}}{{if $n}}, {{end}}told.k_{{num $k.Index}}{{end}}{{end}}){{if .Others}}{{range .Keys}},
        by_{{num .Index}} as (partition by told.k_{{num .Index}}){{end}}{{end}}
),

{{if .Others}}columns_apart as (
    select
        *,
        {{range .Keys}}(converted_{{num .Index}} - converted + $share::double) / (telling_{{num .Index}} - telling + 1) as share_{{num .Index}},
        {{end}}
    from counted
),

expected as (
    select
        *,
        exp(least({{range $n, $k := .Keys}}{{if $n}} + {{end}}ln(share_{{num $k.Index}} / (1 - share_{{num $k.Index}})){{end}} - {{num .Others}} * ln($share::double / (1 - $share::double)), 30)) as ratio,
    from columns_apart
),

{{else}}expected as (
    select
        *,
        $share::double / (1 - $share::double) as ratio,
    from counted
),

{{end}}shared as (
    select
        *,
        least(greatest((converted + ratio / (1 + ratio)) / (telling + 1), 1e-9), 1 - 1e-9) as of_key,
    from expected
)

select
    shared.row_no,
    shared.was,
from shared
where shared.odds > ln((1 - shared.of_key) / shared.of_key)
