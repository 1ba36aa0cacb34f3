-- grain:   one row per prediction and repair of it, of the versions of in_curves; where it puts no feature right, of all
-- inputs:  stg_predictions, int_repair_rows, in_coalitions, int_shifts, int_bounded_links
-- params:  none
-- output:  row_no  BIGINT
--          mask    BIGINT
--          mend    BIGINT  as in in_repairs
--          shift   DOUBLE  by how much its link moves
--          score   DOUBLE  as it would have been; where nothing moves, the logged one
--          "values"  BIGINT  features that are repaired
--          outside   BIGINT  of these, of a value that no example had, or that no score can be reckoned from
create or replace temp table int_repaired as
with shifted as (
    select
        int_repair_rows.row_no,
        int_repair_rows.mask,
        int_repair_rows.mend,
        cast(sum(int_shifts.shift) as double) as shift,
        count(*) as "values",
        count(*) filter (where int_shifts.outside) as outside,
    from int_repair_rows
    join in_coalitions on in_coalitions.coalition = int_repair_rows.coalition
    join int_shifts on int_shifts.row_no = int_repair_rows.row_no and int_shifts.feature = in_coalitions.feature and int_shifts.mend = in_coalitions.mend
    group by int_repair_rows.row_no, int_repair_rows.mask, int_repair_rows.mend
    union all
    select row_no, mask, mend, 0 as shift, 0 as "values", 0 as outside
    from int_repair_rows
    where coalition < 0
),

moved as (
    select shifted.*, cast(int_bounded_links.link as double) as link
    from shifted
    left join int_bounded_links on int_bounded_links.row_no = shifted.row_no
)

select
    moved.row_no,
    moved.mask,
    moved.mend,
    moved.shift,
    {{template "moved_score" .}} as score,
    moved."values",
    {{if .Binary}}moved.outside{{else}}case when abs(stg_predictions.score + moved.shift) < 1e12 then moved.outside else moved."values" end{{end}} as outside,
from moved
join stg_predictions on stg_predictions.rowid = moved.row_no
