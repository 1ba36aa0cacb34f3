-- grain:   one row per rule that puts outcomes right, outcome key and instant at which the value that counts changed
-- inputs:  int_outcome_versions, the outcome files
-- params:  $paths VARCHAR[], $as_of TIMESTAMP (UTC), $low_<i> DOUBLE
-- output:  mend      BIGINT
--          o_<i>     outcome key columns
--          known_at  TIMESTAMP
--          value, before   DOUBLE  as in int_outcome_versions, by the rule: 1 where a number of the row is above low, turned where it is
--                          not; where the row has none, or rows of one instant part, as delivered
create or replace temp table int_mended_versions as
with delivered as (
    select
        {{range .OutcomeKeys}}{{key .Outcome .Kind}} as o_{{num .Index}},
        {{end}}{{if .OutcomeKnown.Column}}{{utc .OutcomeKnown}}{{else}}{{utc .OutcomeAt}}{{end}} as known_at,
        {{range .Mends}}cast({{ident .Column}} as double) as n_{{num .Number}},
        {{end}}
    from {{template "read" .Read}}
),

{{range .Mends}}ruled_{{num .Number}} as (
    select
        {{range $.OutcomeKeys}}o_{{num .Index}},
        {{end}}known_at,
        min({{if .Turned}}case when n_{{num .Number}} > $low_{{num .Number}}::double then 0 else 1 end{{else}}case when n_{{num .Number}} > $low_{{num .Number}}::double then 1 else 0 end{{end}}) as least,
        max({{if .Turned}}case when n_{{num .Number}} > $low_{{num .Number}}::double then 0 else 1 end{{else}}case when n_{{num .Number}} > $low_{{num .Number}}::double then 1 else 0 end{{end}}) as most,
    from delivered
    where isfinite(n_{{num .Number}}) and known_at <= $as_of::timestamp
    group by {{range $.OutcomeKeys}}o_{{num .Index}}, {{end}}known_at
),

{{end}}mended as (
    {{range $i, $m := .Mends}}{{if $i}}union all
    {{end}}select
        {{num .Number}}::bigint as mend,
        {{range $.OutcomeKeys}}int_outcome_versions.o_{{num .Index}},
        {{end}}int_outcome_versions.known_at,
        case when int_outcome_versions.value is not null and ruled_{{num .Number}}.least = ruled_{{num .Number}}.most then ruled_{{num .Number}}.least else int_outcome_versions.value end as value,
        int_outcome_versions.before is not null as follows,
    from int_outcome_versions
    left join ruled_{{num .Number}} on {{range $.OutcomeKeys}}ruled_{{num $m.Number}}.o_{{num .Index}} = int_outcome_versions.o_{{num .Index}} and {{end}}ruled_{{num .Number}}.known_at = int_outcome_versions.known_at
    {{end}}
)

select
    mended.mend,
    {{range .OutcomeKeys}}mended.o_{{num .Index}},
    {{end}}mended.known_at,
    cast(mended.value as double) as value,
    cast(case
        when mended.follows then lag(mended.value) over (partition by mended.mend, {{range $i, $k := .OutcomeKeys}}{{if $i}}, {{end}}mended.o_{{num .Index}}{{end}} order by mended.known_at)
    end as double) as before,
from mended
