-- grain:   one row per input and schema
-- inputs:  ledger.schemas
-- params:  none
-- output:  input      VARCHAR
--          schema_id  INTEGER
--          columns    VARCHAR
select
    schemas.input,
    schemas.schema_id,
    schemas.columns
from ledger.main.schemas
order by schemas.input, schemas.schema_id
