-- grain:   one row per prediction that the scorer is to score: the examples; or those of some versions that a coalition is repaired on, or
--          any is
-- inputs:  stg_predictions, int_examples, int_repair_rows
-- params:  $coalition BIGINT  -1: any; $versions VARCHAR[]
-- output:  row_no   BIGINT
--          prediction_id  VARCHAR
create or replace temp table int_scorer_rows as
{{if .Examples}}select row_no, prediction_id
from int_examples
{{else}}select distinct int_repair_rows.row_no, stg_predictions.prediction_id
from int_repair_rows
join stg_predictions on stg_predictions.rowid = int_repair_rows.row_no
semi join (select unnest($versions::varchar[]) as version) as scored on scored.version = int_repair_rows.version
where case when $coalition::bigint < 0 then int_repair_rows.coalition >= 0 else int_repair_rows.coalition = $coalition::bigint end
{{end}}
