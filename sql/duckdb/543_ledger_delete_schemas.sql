-- grain:   none: removes the schemas that are about to be written anew
-- inputs:  ledger
-- params:  $rows VARCHAR, a JSON list
-- output:  none
delete from ledger.main.schemas
where (input, schema_id) in (
    select (item.input, item.schema_id)
    from (select unnest(from_json($rows::json, '[{"input": "VARCHAR", "schema_id": "INTEGER"}]')) as item) as items
)
