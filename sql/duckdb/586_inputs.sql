-- grain:   one row per run, input and file read
-- inputs:  input_files
-- params:  none
-- output:  run_id     VARCHAR  run that read the file
--          input      VARCHAR  predictions, outcomes or the source's name
--          file       VARCHAR  relative to the loop file's folder where it lies below it
--          digest     VARCHAR  64 hex of sha256: Parquet over size and footer, CSV over content
--          size       BIGINT   bytes
--          rows       BIGINT   rows; NULL where not known before reading (CSV)
--          schema_id  INTEGER  schema of the file; see schemas
--          writer     VARCHAR  Parquet created_by; empty for CSV
create or replace view ledger.main.inputs as
select
    run_id,
    input,
    file,
    digest,
    size,
    "rows",
    schema_id,
    writer
from main.input_files
