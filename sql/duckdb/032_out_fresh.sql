-- grain:   one row
-- inputs:  stg_source_<i>
-- params:  $since TIMESTAMP (UTC)
-- output:  day  DATE  the first UTC day of which a row became known after the instant; NULL: none did
select cast(min(stg_source_{{num .}}.event_at) as date) as day
from stg_source_{{num .}}
where stg_source_{{num .}}.known_at > $since::timestamp
