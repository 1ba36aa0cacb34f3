-- grain:   one row per prediction and repair of it, of the versions of in_curves; where it puts no feature right, of all
-- inputs:  stg_predictions, int_fingerprints, in_repairs, in_coalitions, int_shifts
-- params:  none
-- output:  row_no  BIGINT
--          mask    BIGINT
--          mend    BIGINT  as in in_repairs
--          score   DOUBLE  as it would have been; where nothing moves, the logged one
--          "values"  BIGINT  features that are repaired
--          outside   BIGINT  of these, of a value that no example had
create or replace temp table int_repaired as
with asked as (
    select
        int_fingerprints.row_no,
        int_fingerprints.version,
        in_repairs.mask,
        in_repairs.mend,
        in_repairs.coalition,
    from int_fingerprints
    join in_repairs
        on in_repairs.fingerprint = cast(int_fingerprints.fingerprint as varchar)
        and int_fingerprints.day >= in_repairs.first_day and int_fingerprints.day < in_repairs.end_day
),

moved as (
    select
        asked.row_no,
        asked.mask,
        asked.mend,
        cast(sum(int_shifts.shift) as double) as shift,
        count(*) as "values",
        count(*) filter (where int_shifts.outside) as outside,
    from asked
    join in_coalitions on in_coalitions.coalition = asked.coalition
    join int_shifts on int_shifts.row_no = asked.row_no and int_shifts.feature = in_coalitions.feature
    group by asked.row_no, asked.mask, asked.mend
    union all
    select row_no, mask, mend, 0 as shift, 0 as "values", 0 as outside
    from asked
    where coalition < 0
),

linked as (
    select
        moved.row_no,
        moved.mask,
        moved.mend,
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
    mend,
    case
        when shift = 0 then score
        else {{if .Binary}}1 / (1 + exp(greatest(-700, least(700, -(ln(chance / (1 - chance)) + shift))))){{else}}score + shift{{end}}
    end as score,
    "values",
    outside,
from linked
