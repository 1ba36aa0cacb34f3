-- grain:   one row per input and schema
-- inputs:  none
-- params:  $rows VARCHAR, a JSON list
-- output:  rows of ledger.schemas
insert into ledger.main.schemas by name
with items as (
    select unnest(from_json($rows::json, '[{"input": "VARCHAR", "schema_id": "INTEGER", "columns": "VARCHAR"}]')) as item
)

select
    item.input,
    item.schema_id,
    item.columns
from items
order by item.input, item.schema_id
