-- grain:   one row
-- inputs:  stg_source_<i>, with ids
-- params:  $since TIMESTAMP (UTC)
-- output:  day  DATE  the first UTC day of which a row was replaced by one that became known after the instant; NULL: none was
select cast(min(stg_source_{{num .}}.event_at) as date) as day
from stg_source_{{num .}}
where stg_source_{{num .}}.dead_at > $since::timestamp
    or (stg_source_{{num .}}.again and stg_source_{{num .}}.known_at > $since::timestamp)
