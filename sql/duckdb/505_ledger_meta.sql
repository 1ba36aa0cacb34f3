-- grain:   one row per ledger
-- inputs:  ledger.meta
-- params:  none
-- output:  schema_version  INTEGER
--          loop            VARCHAR
select
    schema_version,
    loop
from ledger.main.meta
