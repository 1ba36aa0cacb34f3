-- grain:   one row: how what the scorer wrote fits what it was asked
-- inputs:  int_scorer_rows, int_scored
-- params:  none
-- output:  asked, scored  BIGINT   predictions, rows
--          repeated, strange, bad  BIGINT   rows of a prediction that has one; of none that was asked; whose score is none
--          shown  VARCHAR  the first id of these; NULL for none
with judged as (
    select
        int_scored.prediction_id,
        row_number() over (partition by int_scored.prediction_id) > 1 as repeated,
        int_scorer_rows.row_no is null as strange,
        int_scored.score is null or not isfinite(int_scored.score){{if .Binary}} or int_scored.score not between 0 and 1{{else}} or abs(int_scored.score) >= 1e12{{end}} as bad,
    from int_scored
    left join int_scorer_rows on int_scorer_rows.prediction_id = int_scored.prediction_id
)

select
    (select count(*) from int_scorer_rows) as asked,
    count(*) as scored,
    count(*) filter (where repeated) as repeated,
    count(*) filter (where strange) as strange,
    count(*) filter (where bad) as bad,
    min(prediction_id) filter (where repeated or strange or bad) as shown,
from judged
