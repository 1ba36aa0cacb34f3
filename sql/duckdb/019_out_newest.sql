-- grain:   one row
-- inputs:  stg_outcomes
-- params:  none
-- output:  known_at  TIMESTAMP  UTC instant of the newest outcome row; NULL: there is none
select max(stg_outcomes.known_at) as known_at
from stg_outcomes
