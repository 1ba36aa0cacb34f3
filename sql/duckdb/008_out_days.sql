-- grain:   one row per UTC day that holds a prediction row known by as-of
-- inputs:  the prediction files
-- params:  $paths VARCHAR[], $read_from TIMESTAMP, $read_to TIMESTAMP, $as_of TIMESTAMP (UTC)
-- output:  day  DATE
select distinct cast(dated.predicted_at as date) as day
from (
    select
        {{utc .At}} as predicted_at,
        {{if .KnownAt.Column}}{{utc .KnownAt}}{{else}}null::timestamp{{end}} as known_at,
    from {{template "read" .Read}}
) as dated
where dated.predicted_at >= $read_from::timestamp and dated.predicted_at < $read_to::timestamp
    and (dated.known_at <= $as_of::timestamp or dated.known_at is null)
order by day
