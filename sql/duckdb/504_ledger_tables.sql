-- grain:   one row
-- inputs:  the catalog of ledger
-- params:  none
-- output:  known  BIGINT  tables called meta
--          rest   BIGINT  tables and views of any name
select
    count(*) filter (where table_name = 'meta' and table_type = 'BASE TABLE') as known,
    count(*) as rest
from information_schema.tables
where table_catalog = 'ledger'
