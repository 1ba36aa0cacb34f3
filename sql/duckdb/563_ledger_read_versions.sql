-- grain:   one row per model version, by id
-- inputs:  ledger_cube_versions
-- params:  none
-- output:  version  VARCHAR
select version
from ledger_cube_versions
order by id
