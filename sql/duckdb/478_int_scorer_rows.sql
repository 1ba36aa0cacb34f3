-- grain:   one row per prediction that the scorer is to score: the examples, or those of some versions that a coalition is to be repaired on
-- inputs:  stg_predictions, int_fingerprints, in_repairs, int_examples
-- params:  $coalition BIGINT, $versions VARCHAR[]
-- output:  row_no   BIGINT
--          prediction_id  VARCHAR
create or replace temp table int_scorer_rows as
{{if .Examples}}select row_no, prediction_id
from int_examples
{{else}}select int_fingerprints.row_no, stg_predictions.prediction_id
from int_fingerprints
join stg_predictions on stg_predictions.rowid = int_fingerprints.row_no
semi join (select fingerprint, first_day, end_day from in_repairs where coalition = $coalition::bigint) as repaired
    on repaired.fingerprint = cast(int_fingerprints.fingerprint as varchar)
    and int_fingerprints.day >= repaired.first_day and int_fingerprints.day < repaired.end_day
where list_contains($versions::varchar[], int_fingerprints.version)
{{end}}
