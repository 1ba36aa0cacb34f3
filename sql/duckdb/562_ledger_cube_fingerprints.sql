-- grain:   one row per layout and fingerprint in the cells of some days
-- inputs:  ledger.cells
-- params:  $from TIMESTAMP, $to TIMESTAMP
-- output:  id           BIGINT     from 0
--          layout_id    VARCHAR
--          fingerprint  UBIGINT[]
create or replace temp table ledger_cube_fingerprints as
with fingerprints as (
    select distinct
        cells.layout_id,
        cells.fingerprint
    from ledger.main.cells
    where cells.day >= $from::date and cells.day < $to::date
)

select
    row_number() over (order by fingerprints.layout_id, fingerprints.fingerprint) - 1 as id,
    fingerprints.layout_id,
    fingerprints.fingerprint
from fingerprints
