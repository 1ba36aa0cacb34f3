-- grain:   one row per list of segment values in the cells of some days
-- inputs:  ledger.cells
-- params:  $from TIMESTAMP, $to TIMESTAMP
-- output:  id        BIGINT     from 0
--          segments  VARCHAR[]
create or replace temp table ledger_cube_segments as
with segments as (
    select distinct cells.segments
    from ledger.main.cells
    where cells.day >= $from::date and cells.day < $to::date
)

select
    row_number() over (order by segments.segments) - 1 as id,
    segments.segments
from segments
