-- grain:   one row per example that the scorer scored as it was served
-- inputs:  stg_predictions, int_fingerprints, int_examples, int_scored
-- params:  none
-- output:  version, fingerprint  VARCHAR
--          logged, scored  DOUBLE
select
    int_examples.version,
    cast(int_fingerprints.fingerprint as varchar) as fingerprint,
    stg_predictions.score as logged,
    int_scored.score as scored,
from int_examples
join int_scored on int_scored.prediction_id = int_examples.prediction_id
join stg_predictions on stg_predictions.rowid = int_examples.row_no
join int_fingerprints on int_fingerprints.row_no = int_examples.row_no
order by int_examples.version, int_examples.strikes <> '', int_examples.place
