-- grain:   one row per boundary, finding and day
-- inputs:  int_evaluations
-- params:  $rows VARCHAR, a JSON list
-- output:  rows of ledger.finding_days
insert into ledger.main.finding_days by name
with items as (
    select unnest(from_json($rows::json, '[{
        "boundary": "VARCHAR", "finding": "VARCHAR", "day": "VARCHAR", "rows": "BIGINT", "share": "DOUBLE"
    }]')) as item
)

select
    int_evaluations.boundary,
    items.item.finding,
    items.item.day::date as day,
    items.item."rows",
    items.item.share
from items
join int_evaluations on int_evaluations.boundary = items.item.boundary::date
order by int_evaluations.boundary, items.item.finding, items.item.day
