-- grain:   one row per UTC day on which values were first known, day on which they were, or were revised, and direction
-- inputs:  int_histories_<i>
-- params:  none
-- output:  day        DATE
--          known_day  DATE           NULL: the values as first known
--          lowered    BOOLEAN        of the revision; false where known_day is NULL
--          base       DECIMAL(38,9)  sum of |value| as first known; 0 where known_day is not NULL
--          moved      DECIMAL(38,9)  change of the sum of |value - value as first known|
-- A value of 1e12 and more, or that is not there, has no size.
with {{template "revised_values" .}}

select
    cast(sized.first_known as date) as day,
    null::date as known_day,
    false as lowered,
    sum(cast(abs(sized.value) as decimal(38, 9))) as base,
    0::decimal(38, 9) as moved,
from sized
where sized.before is null
group by cast(sized.first_known as date)
union all
select
    cast(sides.first_known as date) as day,
    cast(sides.known_at as date) as known_day,
    sides.value < sides.first_value as lowered,
    0::decimal(38, 9) as base,
    sum(sides.sign * cast(abs(sides.value - sides.first_value) as decimal(38, 9))) as moved,
from sides
where sides.value <> sides.first_value
group by cast(sides.first_known as date), cast(sides.known_at as date), sides.value < sides.first_value
order by 1, 2 nulls first, 3
