-- grain:   one row per boundary, finding and place
-- inputs:  int_evaluations
-- params:  $rows VARCHAR, a JSON list
-- output:  rows of ledger.proof_rows
insert into ledger.main.proof_rows by name
with items as (
    select unnest(from_json($rows::json, '[{
        "boundary": "VARCHAR", "finding": "VARCHAR", "place": "INTEGER", "prediction_id": "VARCHAR", "key": "VARCHAR",
        "instant": "VARCHAR", "feature": "VARCHAR", "declared": "VARCHAR", "served": "VARCHAR", "replayed": "VARCHAR",
        "hypothesis": "VARCHAR"
    }]')) as item
)

select
    int_evaluations.boundary,
    items.item.finding,
    items.item.place,
    items.item.prediction_id,
    items.item."key",
    items.item.instant::timestamptz at time zone 'UTC' as instant,
    items.item.feature,
    items.item.declared,
    items.item.served,
    items.item.replayed,
    items.item.hypothesis
from items
join int_evaluations on int_evaluations.boundary = items.item.boundary::date
order by int_evaluations.boundary, items.item.finding, items.item.place
