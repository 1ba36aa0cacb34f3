-- grain:   one row
-- inputs:  int_instants
-- params:  none
-- output:  first_at  TIMESTAMP  the earliest instant that features are replayed at; NULL: there is none
--          last_at   TIMESTAMP  the latest
select
    min(int_instants.features_at) as first_at,
    max(int_instants.features_at) as last_at,
from int_instants
