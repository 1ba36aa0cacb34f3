-- grain:   one row per prediction that the scorer scored as it was served
-- inputs:  int_scorer_rows, int_scored
-- params:  none
-- output:  row_no  BIGINT
--          score   DOUBLE
create or replace temp table int_served_scores as
select int_scorer_rows.row_no, int_scored.score
from int_scorer_rows
join int_scored on int_scored.prediction_id = int_scorer_rows.prediction_id
