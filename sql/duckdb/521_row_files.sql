-- grain:   one row per file of row-level fingerprints
-- inputs:  none
-- params:  none
-- output:  day     DATE     UTC day of the predictions
--          name    VARCHAR  file name, made from the content's hash
--          rows    BIGINT   rows in the file
--          digest  VARCHAR  64 hex of sha256 over the content
create table ledger.main.row_files (
    day date,
    name varchar,
    "rows" bigint,
    digest varchar
)
