-- grain:   one row per UTC day and constant that a hypothesis serves
-- inputs:  int_values, int_replayed, stg_predictions
-- params:  $h BIGINT[], $constant DOUBLE[] or VARCHAR[], $made VARCHAR[]: nothing, dropped, constant or filled   one entry each;
--          $tolerance DOUBLE, $relative DOUBLE of number features; $first_day DATE, $end_day DATE (excluded)
-- output:  day     DATE
--          h       BIGINT
--          "rows"  BIGINT  predictions of the day whose declared value is not null
--          alike   BIGINT  of these, those on which the constant would be right without any fault: it is what is declared; of
--                          filled nulls, what was served
with asked as (
    select
        unnest($h::bigint[]) as h,
        unnest($constant::{{name .Type}}[]) as constant,
        unnest($made::varchar[]) as made,
)

select
    int_values.day,
    asked.h,
    count(*) as "rows",
    count(*) filter (where {{if .Number}}close_to(case asked.made when 'filled' then stg_predictions.f_{{num .Feature}} else int_replayed.r_{{num .Feature}} end, {{template "base_constant" .}}, $tolerance::double, $relative::double){{else}}case asked.made when 'filled' then stg_predictions.f_{{num .Feature}} else int_replayed.r_{{num .Feature}} end is not distinct from {{template "base_constant" .}}{{end}}) as alike,
from int_values
join int_replayed on int_replayed.row_no = int_values.row_no
join stg_predictions on stg_predictions.rowid = int_values.row_no
cross join asked
where int_replayed.r_{{num .Feature}} is not null
    and int_values.day >= $first_day::date and int_values.day < $end_day::date
group by int_values.day, asked.h
order by int_values.day, asked.h
