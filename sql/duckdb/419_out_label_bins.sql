-- grain:   one row per UTC day on which outcome rows became known, number in them, outcome, and bin of the number
-- inputs:  the outcome files
-- params:  $paths VARCHAR[], $as_of TIMESTAMP (UTC)
-- output:  day          DATE
--          column_no    INTEGER    the number's index
--          one          BOOLEAN    the outcome is 1; else 0
--          low, high    DOUBLE     range of the number in the bin: it holds numbers of the same two leading digits
--          "rows"       BIGINT
--          event_first  TIMESTAMP  when the first of their events happened
--          agrees_<i>   BIGINT     rows of which rival definition i says the same
-- A rival that cannot be computed over a row says nothing of it: it must not fail the run.
with delivered as (
    select
        cast({{expr .Value}} as double) as value,
        {{utc .OutcomeAt}} as event_at,
        {{if .OutcomeKnown.Column}}{{utc .OutcomeKnown}}{{else}}{{utc .OutcomeAt}}{{end}} as known_at,
        {{range .Columns}}cast({{ident .Name}} as double) as c_{{num .Index}},
        {{end}}{{range .Rivals}}try(cast({{expr .Value}} as double)) as d_{{num .Index}},
        {{end}}
        {{range .Keys}}{{ident .Outcome}} as o_{{num .Index}},
        {{end}}
    from {{template "read" .Read}}
),

-- Rows of a key and instant that contradict each other are another fault's.
settled as (
    select *
    from delivered
    where delivered.known_at <= $as_of::timestamp and delivered.value in (0, 1)
    window one_instant as (partition by {{range .Keys}}delivered.o_{{num .Index}}, {{end}}delivered.known_at)
    qualify min(delivered.value) over one_instant = max(delivered.value) over one_instant
),

numbers as (
    select
        cast(settled.known_at as date) as day,
        settled.value = 1 as one,
        settled.event_at,
        unnest([{{range $i, $c := .Columns}}{{if $i}}, {{end}}{{num $c.Index}}{{end}}]) as column_no,
        unnest([{{range $i, $c := .Columns}}{{if $i}}, {{end}}settled.c_{{num $c.Index}}{{end}}]) as number,
        {{range .Rivals}}coalesce(settled.d_{{num .Index}} = settled.value, false) as same_{{num .Index}},
        {{end}}
    from settled
),

binned as (
    select
        *,
        case
            when number = 0 then 0
            else sign(number) * floor(abs(number) / pow(10, floor(log10(abs(number))) - 1)) * pow(10, floor(log10(abs(number))) - 1)
        end as bin,
    from numbers
    where isfinite(number)
)

select
    binned.day,
    binned.column_no,
    binned.one,
    min(binned.number) as low,
    max(binned.number) as high,
    count(*) as "rows",
    min(binned.event_at) as event_first,
    {{range .Rivals}}count(*) filter (where binned.same_{{num .Index}}) as agrees_{{num .Index}},
    {{end}}
from binned
group by binned.day, binned.column_no, binned.one, binned.bin
order by binned.day, binned.column_no, low, binned.one
