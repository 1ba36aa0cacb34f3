-- grain:   one row per ledger
-- inputs:  none
-- params:  $schema_version INTEGER, $loop VARCHAR
-- output:  rows of ledger.meta
insert into ledger.main.meta (schema_version, loop)
values ($schema_version, $loop)
