-- grain:   one row per UTC day and constant that a hypothesis serves
-- inputs:  int_values, int_replayed, stg_predictions
-- params:  $h BIGINT[], $day VARCHAR[]: '' for every day, $constant DOUBLE[] or VARCHAR[], $made VARCHAR[]: nothing, dropped, constant or filled   one entry each;
--          $tolerance DOUBLE, $relative DOUBLE of number features; $first_day DATE, $end_day DATE (excluded)
-- output:  day     DATE
--          h       BIGINT
--          "rows"  BIGINT  predictions of the day whose declared value is not null, but for those of the most frequent value
--                          other than the constant: a suspect was served something other than what is declared
--          alike   BIGINT  of these, those on which the constant would be right without any fault: it is what is declared; of
--                          filled nulls, what was served
with asked as (
    select
        unnest($h::bigint[]) as h,
        unnest($day::varchar[]) as day,
        {{if .Number}}unnest($constant::double[]){{else}}try_cast(unnest($constant::varchar[]) as {{name .Type}}){{end}} as constant,
        unnest($made::varchar[]) as made,
),

days as (
    select distinct int_values.day
    from int_values
    where int_values.day >= $first_day::date and int_values.day < $end_day::date
),

asked_on as (
    select days.day, asked.h, asked.constant, asked.made
    from days
    cross join asked
    where asked.day = '' or cast(nullif(asked.day, '') as date) = days.day
),

valued as (
    select
        int_values.day,
        asked_on.h,
        case asked_on.made when 'filled' then stg_predictions.f_{{num .Feature}} else int_replayed.r_{{num .Feature}} end as value,
        {{template "base_constant" .}} as constant,
    from int_values
    join int_replayed on int_replayed.row_no = int_values.row_no
    join stg_predictions on stg_predictions.rowid = int_values.row_no
    join asked_on on asked_on.day = int_values.day
    where int_replayed.r_{{num .Feature}} is not null
),

counted as (
    select
        valued.day,
        valued.h,
        {{if .Number}}close_to(valued.value, valued.constant, $tolerance::double, $relative::double){{else}}valued.value is not distinct from valued.constant{{end}} as alike,
        count(*) as n,
    from valued
    group by valued.day, valued.h, valued.value, valued.constant
)

select
    counted.day,
    counted.h,
    cast(sum(counted.n) - coalesce(max(counted.n) filter (where not counted.alike), 0) as bigint) as "rows",
    cast(coalesce(sum(counted.n) filter (where counted.alike), 0) as bigint) as alike,
from counted
group by counted.day, counted.h
order by counted.day, counted.h
