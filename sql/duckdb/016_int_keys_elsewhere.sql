-- grain:   one row per outcome key of a prediction outside the range that was read
-- inputs:  the prediction files, stg_outcomes
-- params:  $paths VARCHAR[], $read_from TIMESTAMP, $read_to TIMESTAMP, $as_of TIMESTAMP (UTC)
-- output:  o_<i>  outcome key columns
create or replace temp table int_keys_elsewhere as
select distinct
    {{range .OutcomeKeys}}delivered.o_{{num .Index}},
    {{end}}
from (
    select
        {{range .OutcomeKeys}}{{key .Prediction .Kind}} as o_{{num .Index}},
        {{end}}{{utc .At}} as predicted_at,
        {{if .KnownAt.Column}}{{utc .KnownAt}}{{else}}{{utc .At}}{{end}} as known_at,
    from {{template "read" .Read}}
) as delivered
where (delivered.predicted_at < $read_from::timestamp or delivered.predicted_at >= $read_to::timestamp)
    and delivered.known_at <= $as_of::timestamp
    and exists (
        select 1
        from stg_outcomes
        where {{range $i, $k := .OutcomeKeys}}{{if $i}} and {{end}}stg_outcomes.o_{{num $k.Index}} = delivered.o_{{num $k.Index}}{{end}}
    )
