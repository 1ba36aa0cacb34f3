-- grain:   one row per sampled differing prediction and stretch of offsets: a window of the declared length that ends so long before the
--          declared one comes to what was served
-- inputs:  int_suspects_<feature>, stg_source_<i>
-- params:  $sample BIGINT  suspects of a day that are asked; $first_day, $end_day DATE (excluded); $length_us, $offset_us BIGINT of
--          the declared window; $reach_us BIGINT  how far back their rows may be; $tolerance, $relative DOUBLE
-- output:  day        DATE
--          low, high  DOUBLE   microseconds before the declared end: from low on, below high
-- A row of some age before that end is inside of all windows that end after it, but not by their length or more.
with {{template "asked_windows" .}},

{{template "aged_rows" .}},

moves as (
    select day, row_no, said, greatest(age_us - $length_us::bigint + 1, 1) as at_us, n_rows, n_values, total
    from aged
    where age_us > 0
    union all
    select day, row_no, said, age_us + 1, -n_rows, -n_values, -total
    from aged
    where age_us > 0
),

steps as (
    select day, row_no, said, at_us, sum(n_rows) as n_rows, sum(n_values) as n_values, sum(total) as total
    from moves
    group by day, row_no, said, at_us
),

running as (
    select
        day,
        row_no,
        said,
        at_us,
        lead(at_us) over by_offset as next_us,
        sum(n_rows) over by_offset as n_rows,
        sum(n_values) over by_offset as n_values,
        sum(total) over by_offset as total,
    from steps
    window by_offset as (partition by day, row_no order by at_us)
)

select
    running.day,
    cast(running.at_us as double) as low,
    cast(least(coalesce(running.next_us, $reach_us::bigint), $reach_us::bigint - $length_us::bigint) as double) as high,
from running
where running.at_us < $reach_us::bigint - $length_us::bigint
    and {{template "fits_said" .}}
order by running.day, low, high, running.row_no
