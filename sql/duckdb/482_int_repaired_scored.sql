-- grain:   one row per prediction and repair of it, added to those of int_repaired: what the scorer scored of a coalition
-- inputs:  int_fingerprints, in_repairs, int_scorer_rows, int_scored
-- params:  $coalition BIGINT
-- output:  as int_repaired
insert into int_repaired
with repairs as (
    select fingerprint, mask, count(*) as "values"
    from in_repairs
    where coalition = $coalition::bigint
    group by fingerprint, mask
)

select
    int_scorer_rows.row_no,
    repairs.mask,
    int_scored.score,
    repairs."values",
    0 as outside,
from int_scorer_rows
join int_scored on int_scored.prediction_id = int_scorer_rows.prediction_id
join int_fingerprints on int_fingerprints.row_no = int_scorer_rows.row_no
join repairs on repairs.fingerprint = cast(int_fingerprints.fingerprint as varchar)
