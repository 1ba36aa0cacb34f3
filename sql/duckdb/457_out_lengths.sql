-- grain:   one row per sampled differing prediction and stretch of lengths: a window of any length in there comes to what was served
-- inputs:  int_suspects_<feature>, stg_source_<i>
-- params:  $sample BIGINT  suspects of a day that are asked; $first_day, $end_day DATE (excluded); $reach_us, $offset_us BIGINT: how
--          long windows are tried, and how long before the prediction they end; $tolerance, $relative DOUBLE
-- output:  day        DATE
--          low, high  DOUBLE   microseconds: lengths above low, up to high
with {{template "asked_windows" .}},

{{template "aged_rows" .}},

running as (
    select
        day,
        row_no,
        said,
        age_us,
        lead(age_us) over by_age as next_us,
        sum(n_rows) over by_age as n_rows,
        sum(n_values) over by_age as n_values,
        sum(total) over by_age as total,
    from aged
    window by_age as (partition by day, row_no order by age_us)
)

select
    running.day,
    cast(running.age_us as double) as low,
    cast(coalesce(running.next_us, $reach_us::bigint) as double) as high,
from running
where {{template "fits_said" .}}
order by running.day, low, high, running.row_no
