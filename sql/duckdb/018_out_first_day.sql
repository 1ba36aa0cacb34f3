-- grain:   one row
-- inputs:  the prediction files
-- params:  $paths VARCHAR[]
-- output:  day  DATE  the first UTC day that holds a prediction row; NULL: none does
select cast(min(dated.predicted_at) as date) as day
from (
    select {{utc .At}} as predicted_at
    from {{template "read" .Read}}
) as dated
