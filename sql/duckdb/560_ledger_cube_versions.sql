-- grain:   one row per model version in the cells of some days
-- inputs:  ledger.cells
-- params:  $from TIMESTAMP, $to TIMESTAMP
-- output:  id       BIGINT  from 0, in the order of the versions
--          version  VARCHAR
create or replace temp table ledger_cube_versions as
with versions as (
    select distinct cells.version
    from ledger.main.cells
    where cells.day >= $from::date and cells.day < $to::date
)

select
    row_number() over (order by versions.version) - 1 as id,
    versions.version
from versions
