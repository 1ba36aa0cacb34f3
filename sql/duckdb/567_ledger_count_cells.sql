-- grain:   one row
-- inputs:  ledger.cells
-- params:  $from TIMESTAMP, $to TIMESTAMP
-- output:  cells  BIGINT
select count(*) as cells
from ledger.main.cells
where cells.day >= $from::date and cells.day < $to::date
