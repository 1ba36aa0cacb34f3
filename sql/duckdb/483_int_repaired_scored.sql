-- grain:   one row per prediction and repair of it, added to those of int_repaired: what the scorer scored of a coalition
-- inputs:  int_fingerprints, in_repairs, in_coalitions, int_scorer_rows, int_scored
-- params:  $coalition BIGINT
-- output:  as int_repaired
insert into int_repaired
select
    int_scorer_rows.row_no,
    in_repairs.mask,
    in_repairs.mend,
    int_scored.score,
    (select count(*) from in_coalitions where coalition = $coalition::bigint) as "values",
    0 as outside,
from int_scorer_rows
join int_scored on int_scored.prediction_id = int_scorer_rows.prediction_id
join int_fingerprints on int_fingerprints.row_no = int_scorer_rows.row_no
join in_repairs
    on in_repairs.fingerprint = cast(int_fingerprints.fingerprint as varchar)
    and int_fingerprints.day >= in_repairs.first_day and int_fingerprints.day < in_repairs.end_day
where in_repairs.coalition = $coalition::bigint
