-- grain:   one row per layout, condition and level
-- inputs:  none
-- params:  $rows VARCHAR, a JSON list
-- output:  rows of ledger.layouts
insert into ledger.main.layouts by name
with items as (
    select unnest(from_json($rows::json, '[{
        "layout_id": "VARCHAR", "position": "INTEGER", "condition": "VARCHAR", "kind": "VARCHAR",
        "of": "VARCHAR", "node": "VARCHAR", "word": "INTEGER", "shift": "INTEGER",
        "bits": "INTEGER", "level_code": "INTEGER", "level": "VARCHAR", "standing": "VARCHAR"
    }]')) as item
)

select
    item.layout_id,
    item.position,
    item.condition,
    item.kind,
    item."of",
    item.node,
    item.word,
    item.shift,
    item.bits,
    item.level_code,
    item.level,
    item.standing
from items
order by item.position, item.level_code
