-- grain:   one row per run, input and file
-- inputs:  none
-- params:  $run_id VARCHAR, $rows VARCHAR, a JSON list
-- output:  rows of ledger.input_files
insert into ledger.main.input_files by name
with items as (
    select unnest(from_json($rows::json, '[{
        "input": "VARCHAR", "file": "VARCHAR", "digest": "VARCHAR", "size": "BIGINT",
        "rows": "BIGINT", "schema_id": "INTEGER", "writer": "VARCHAR"
    }]')) as item
)

select
    $run_id::varchar as run_id,
    item.input,
    item.file,
    item.digest,
    item.size,
    item."rows",
    item.schema_id,
    item.writer
from items
order by item.input, item.file
