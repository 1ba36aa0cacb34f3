-- grain:   one row: what the ledger is
-- inputs:  none
-- params:  none
-- output:  schema_version  INTEGER  version of these tables and views
--          loop            VARCHAR  name of the loop
create table ledger.main.meta (
    schema_version integer,
    loop varchar
)
