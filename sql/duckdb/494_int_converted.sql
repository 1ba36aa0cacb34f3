-- grain:   one row per row of the source whose number is put back from another unit
-- inputs:  stg_source_<i>
-- params:  $number DOUBLE[], $was DOUBLE[], $odds DOUBLE[]  one entry each: a number, what it was before, and the natural logarithm of
--                    how much likelier it is of a converted row than of another
--          $share DOUBLE  of the rows that are converted
--          $from_at TIMESTAMP, $to_at TIMESTAMP  when they became known: [from, to)
-- output:  row_no  BIGINT
--          was     DOUBLE
-- How many rows of a key are converted is told by those whose numbers tell, beside one that is as all are: a number that could be either
-- goes with the others of its key, or of those that have one column of it in common, whichever are the most of one kind.
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
        1 / (1 + (1 - $share::double) / $share::double * exp(-numbers.odds)) as chance,
    from stg_source_{{num .Index}}
    join numbers on numbers.number = stg_source_{{num .Index}}.v_{{num .Value}}
    where
        stg_source_{{num .Index}}.known_at >= $from_at::timestamp
        and stg_source_{{num .Index}}.known_at < $to_at::timestamp
),

shared as (
    select
        *,
        {{range $n, $part := .Parts}}(coalesce(sum(chance) filter (where abs(odds) >= 2) over part_{{num $n}}, 0) + $share::double) / (count(*) filter (where abs(odds) >= 2) over part_{{num $n}} + 1) as share_{{num $n}},
        {{end}}
    from told
    window
        {{range $n, $part := .Parts}}{{if $n}},
        {{end}}part_{{num $n}} as ({{if $part}}partition by {{range $m, $k := $part}}{{if $m}}, {{end}}told.k_{{num $k}}{{end}}{{end}}){{end}}
),

parted as (
    select
        *,
        list_sort([{{range $n, $part := .Parts}}{{if $n}}, {{end}}{far: abs(share_{{num $n}} - 0.5), share: share_{{num $n}}}{{end}}], 'desc')[1].share as of_key,
    from shared
)

select
    parted.row_no,
    parted.was,
from parted
where parted.odds > ln((1 - parted.of_key) / parted.of_key)
