-- grain:   one row per input and schema seen
-- inputs:  none
-- params:  none
-- output:  input      VARCHAR  predictions, outcomes or the source's name
--          schema_id  INTEGER  level of the condition <input>.schema; shown as 4 hex
--          columns    VARCHAR  names, types and time flags in the file's order, as JSON
create table ledger.main.schemas (
    input varchar,
    schema_id integer,
    columns varchar
)
