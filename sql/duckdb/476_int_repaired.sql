-- grain:   one row per prediction and repair of it
-- inputs:  stg_predictions, int_fingerprints, in_repairs, int_shifts
-- params:  none
-- output:  row_no  BIGINT
--          mask    BIGINT
--          score   DOUBLE  as it would have been; where nothing moves, the logged one
--          "values"  BIGINT  features that are repaired
--          outside   BIGINT  of these, of a value that no example had
create or replace temp table int_repaired as
with moved as (
    select
        int_fingerprints.row_no,
        in_repairs.mask,
        cast(sum(int_shifts.shift) as double) as shift,
        count(*) as "values",
        count(*) filter (where int_shifts.outside) as outside,
    from int_fingerprints
    join in_repairs on in_repairs.fingerprint = cast(int_fingerprints.fingerprint as varchar)
    join int_shifts on int_shifts.row_no = int_fingerprints.row_no and int_shifts.feature = in_repairs.feature
    group by int_fingerprints.row_no, in_repairs.mask
),

linked as (
    select
        moved.row_no,
        moved.mask,
        moved.shift,
        moved."values",
        moved.outside,
        stg_predictions.score,
        least(greatest(stg_predictions.score, 1e-15), 1 - 1e-15) as chance,
    from moved
    join stg_predictions on stg_predictions.rowid = moved.row_no
)

select
    row_no,
    mask,
    case
        when shift = 0 then score
        else {{if .Binary}}1 / (1 + exp(greatest(-700, least(700, -(ln(chance / (1 - chance)) + shift))))){{else}}score + shift{{end}}
    end as score,
    "values",
    outside,
from linked
