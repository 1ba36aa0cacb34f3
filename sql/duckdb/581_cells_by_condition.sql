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
with {{template "level_cells"}}

select
    named.day,
    named.condition,
    named.level,
    sum(named.predictions)::bigint as predictions,
    sum(named."rows")::bigint as "rows",
    (sum(named.loss) / nullif(sum(named.weight), 0))::double as mean_loss
from named
group by named.day, named.condition, named.level
