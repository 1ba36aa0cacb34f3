-- grain:   one row per file of row-level fingerprints
-- inputs:  ledger.row_files
-- params:  none
-- output:  day     BIGINT   days from 1970-01-01
--          name    VARCHAR
--          rows    BIGINT
--          digest  VARCHAR
select
    row_files.day - date '1970-01-01' as day,
    row_files.name,
    row_files."rows",
    row_files.digest
from ledger.main.row_files
order by row_files.day, row_files.name
