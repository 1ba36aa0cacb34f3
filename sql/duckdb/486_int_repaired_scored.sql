-- grain:   one row per prediction and repair of it, added to those of int_repaired: what the scorer scored of a coalition
-- inputs:  stg_predictions, int_repair_rows, in_coalitions, int_scorer_rows, int_scored, int_served_scores
-- params:  $coalition BIGINT
-- output:  as int_repaired; the logged score moves by what the scorer's does from the features as served
insert into int_repaired
with moved as (
    select
        int_scorer_rows.row_no,
        {{if .Binary}}{{template "link_of" "int_scored"}} - {{template "link_of" "int_served_scores"}}{{else}}int_scored.score - int_served_scores.score{{end}} as shift,
        null::double as link,
    from int_scorer_rows
    join int_scored on int_scored.prediction_id = int_scorer_rows.prediction_id
    join int_served_scores on int_served_scores.row_no = int_scorer_rows.row_no
)

select
    moved.row_no,
    int_repair_rows.mask,
    int_repair_rows.mend,
    moved.shift,
    {{template "moved_score" .}} as score,
    (select count(*) from in_coalitions where coalition = $coalition::bigint) as "values",
    0 as outside,
from moved
join stg_predictions on stg_predictions.rowid = moved.row_no
join int_repair_rows on int_repair_rows.row_no = moved.row_no and int_repair_rows.coalition = $coalition::bigint
