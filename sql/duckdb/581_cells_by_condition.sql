-- grain:   one row per day, condition and level
-- inputs:  cells, layouts
-- params:  none
-- output:  day          DATE     UTC day of the predictions
--          condition    VARCHAR  of.kind; see layouts
--          level        VARCHAR  name of the level; of a schema its id as 4 hex
--          predictions  BIGINT   chosen predictions with that level
--          rows         BIGINT   of these, with an outcome
--          mean_loss    DOUBLE   over rows, weighted, in the loop's unit
create or replace view ledger.main.cells_by_condition as
with fingerprints as (
    select
        cells.day,
        cells.layout_id,
        cells.fingerprint,
        sum(cells.predictions) as predictions,
        sum(cells."rows") as "rows",
        sum(cells.weight) as weight,
        sum(cells.loss) as loss
    from main.cells
    group by cells.day, cells.layout_id, cells.fingerprint
),

conditions as (
    select distinct
        layouts.layout_id,
        layouts.condition,
        layouts.kind,
        layouts.word,
        layouts.shift,
        layouts.bits
    from main.layouts
),

codes as (
    select
        fingerprints.day,
        fingerprints.layout_id,
        conditions.condition,
        conditions.kind,
        ((fingerprints.fingerprint[conditions.word + 1] >> conditions.shift::ubigint)
            & ((1::ubigint << conditions.bits::ubigint) - 1))::integer as level_code,
        sum(fingerprints.predictions) as predictions,
        sum(fingerprints."rows") as "rows",
        sum(fingerprints.weight) as weight,
        sum(fingerprints.loss) as loss
    from fingerprints
    inner join conditions on conditions.layout_id = fingerprints.layout_id
    group by fingerprints.day, fingerprints.layout_id, conditions.condition, conditions.kind, level_code
),

named as (
    select
        codes.day,
        codes.condition,
        coalesce(
            layouts.level,
            case when codes.kind = 'schema' then format('{:04x}', codes.level_code) else 'level ' || codes.level_code end
        ) as level,
        codes.predictions,
        codes."rows",
        codes.weight,
        codes.loss
    from codes
    left join main.layouts
        on layouts.layout_id = codes.layout_id
        and layouts.condition = codes.condition
        and layouts.level_code = codes.level_code
)

select
    named.day,
    named.condition,
    named.level,
    sum(named.predictions)::bigint as predictions,
    sum(named."rows")::bigint as "rows",
    (sum(named.loss) / nullif(sum(named.weight), 0))::double as mean_loss
from named
group by named.day, named.condition, named.level
