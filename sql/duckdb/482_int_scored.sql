-- grain:   one row per row that the scorer wrote
-- inputs:  a Parquet file with prediction_id and score
-- params:  $path VARCHAR
-- output:  prediction_id  VARCHAR
--          score  DOUBLE
create or replace temp table int_scored as
select cast(prediction_id as varchar) as prediction_id, cast(score as double) as score
from read_parquet($path)
