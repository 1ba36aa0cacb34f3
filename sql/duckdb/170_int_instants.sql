-- grain:   one row per chosen prediction of the days taken in that is not hindsight
-- inputs:  stg_predictions, int_matched
-- params:  $first_day DATE, $end_day DATE (excluded)
-- output:  row_no       BIGINT
--          day          DATE
--          features_at  TIMESTAMP  the instant that features are replayed at
--          k_<i>        key columns of the joins
create or replace temp table int_instants as
select
    int_matched.row_no,
    int_matched.day,
    stg_predictions.features_at,
    {{range .}}stg_predictions.k_{{num .Index}},
    {{end}}
from int_matched
join stg_predictions on stg_predictions.rowid = int_matched.row_no
where int_matched.state <> 'hindsight'
    and int_matched.day >= $first_day::date
    and int_matched.day < $end_day::date
