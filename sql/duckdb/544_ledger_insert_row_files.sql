-- grain:   one row per file of row-level fingerprints
-- inputs:  none
-- params:  $rows VARCHAR, a JSON list
-- output:  rows of ledger.row_files
insert into ledger.main.row_files by name
with items as (
    select unnest(from_json($rows::json, '[{
        "day": "DATE", "name": "VARCHAR", "rows": "BIGINT", "digest": "VARCHAR"
    }]')) as item
)

select
    item.day,
    item.name,
    item."rows",
    item.digest
from items
order by item.day, item.name
