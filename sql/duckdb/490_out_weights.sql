-- grain:   one row per UTC day of predictions
-- inputs:  stg_predictions, int_fingerprints
-- params:  none
-- output:  day     DATE
--          weight  VARCHAR  sum over its predictions, in units
select
    int_fingerprints.day,
    cast(sum(cast(stg_predictions.weight as decimal(38, 9))) as varchar) as weight,
from int_fingerprints
join stg_predictions on stg_predictions.rowid = int_fingerprints.row_no
group by int_fingerprints.day
order by int_fingerprints.day
