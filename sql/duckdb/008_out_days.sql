-- grain:   one row per UTC day that holds a prediction row
-- inputs:  the prediction files
-- params:  $paths VARCHAR[], $read_from TIMESTAMP, $read_to TIMESTAMP (UTC)
-- output:  day  DATE
select distinct cast(dated.predicted_at as date) as day
from (
    select {{utc .At}} as predicted_at
    from {{template "read" .Read}}
) as dated
where dated.predicted_at >= $read_from::timestamp and dated.predicted_at < $read_to::timestamp
order by day
