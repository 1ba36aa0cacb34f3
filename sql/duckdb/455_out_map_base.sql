-- grain:   one row per UTC day and map of codes that is looked at closely
-- inputs:  int_trials_<feature>, in_finalists, in_maps, int_values, int_replayed
-- params:  $first_day DATE, $end_day DATE (excluded)
-- output:  day     DATE
--          h       BIGINT
--          "rows"  BIGINT  pairs of a counted suspect and a prediction of the day that another code is declared for
--          alike   BIGINT  of these, those in which that code is what the map gives
-- Codes are drawn from all of the day's predictions: where two codes of many changed places every suspect was served the other one
-- of the two, and drawn from suspects alone it could be no other.
with codes as (
    select
        int_values.day,
        int_replayed.r_{{num .Feature}} as code,
        count(*) as n,
    from int_values
    join int_replayed on int_replayed.row_no = int_values.row_no
    where int_values.day >= $first_day::date and int_values.day < $end_day::date and int_replayed.r_{{num .Feature}} is not null
    group by int_values.day, int_replayed.r_{{num .Feature}}
),

totals as (
    select day, sum(n) as n
    from codes
    group by day
),

counted as (
    select
        trials.day,
        trials.h,
        trials.meant,
        trials.value,
        count(*) as n,
    from int_trials_{{num .Feature}} as trials
    join in_finalists on in_finalists.day = trials.day and in_finalists.h = trials.h
    where trials.h in (select in_maps.h from in_maps)
    group by trials.day, trials.h, trials.meant, trials.value
)

select
    counted.day,
    counted.h,
    cast(sum(counted.n * (totals.n - coalesce(own.n, 0))) as bigint) as "rows",
    cast(sum(counted.n * coalesce(other.n, 0)) as bigint) as alike,
from counted
join totals on totals.day = counted.day
left join codes as own on own.day = counted.day and own.code = counted.meant
left join codes as other on other.day = counted.day and other.code = counted.value
group by counted.day, counted.h
order by counted.day, counted.h
