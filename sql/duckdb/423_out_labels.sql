-- grain:   one row per UTC day on which outcome rows became known
-- inputs:  the outcome files
-- params:  $paths VARCHAR[], $as_of TIMESTAMP (UTC)
-- output:  day          DATE
--          "rows"       BIGINT  with an outcome
--          zeros_<i>    BIGINT  rows with number i and outcome 0
--          ones_<i>     BIGINT  and with outcome 1
--          min_zero_<i>, max_zero_<i>, min_one_<i>, max_one_<i>   DOUBLE  range of number i among them; NULL without any
--          both_<i>     BIGINT  rows that rival definition i gives an outcome too
--          differs_<i>  BIGINT  of these, those whose outcome is another
-- A rival that cannot be computed over a row says nothing of it: it must not fail the run.
with delivered as (
    select
        cast({{expr .Value}} as double) as value,
        {{if .OutcomeKnown.Column}}{{utc .OutcomeKnown}}{{else}}{{utc .OutcomeAt}}{{end}} as known_at,
        {{range .Columns}}cast({{ident .Name}} as double) as c_{{num .Index}},
        {{end}}{{range .Rivals}}try(cast({{expr .Value}} as double)) as d_{{num .Index}},
        {{end}}
    from {{template "read" .Read}}
)

select
    cast(delivered.known_at as date) as day,
    count(*) as "rows",
    {{range .Columns}}count(*) filter (where delivered.value = 0 and isfinite(delivered.c_{{num .Index}})) as zeros_{{num .Index}},
    count(*) filter (where delivered.value = 1 and isfinite(delivered.c_{{num .Index}})) as ones_{{num .Index}},
    min(delivered.c_{{num .Index}}) filter (where delivered.value = 0 and isfinite(delivered.c_{{num .Index}})) as min_zero_{{num .Index}},
    max(delivered.c_{{num .Index}}) filter (where delivered.value = 0 and isfinite(delivered.c_{{num .Index}})) as max_zero_{{num .Index}},
    min(delivered.c_{{num .Index}}) filter (where delivered.value = 1 and isfinite(delivered.c_{{num .Index}})) as min_one_{{num .Index}},
    max(delivered.c_{{num .Index}}) filter (where delivered.value = 1 and isfinite(delivered.c_{{num .Index}})) as max_one_{{num .Index}},
    {{end}}{{range .Rivals}}count(*) filter (where delivered.d_{{num .Index}} is not null) as both_{{num .Index}},
    count(*) filter (where delivered.d_{{num .Index}} <> delivered.value) as differs_{{num .Index}},
    {{end}}
from delivered
where delivered.known_at <= $as_of::timestamp and delivered.value is not null and not isnan(delivered.value)
group by cast(delivered.known_at as date)
order by day
