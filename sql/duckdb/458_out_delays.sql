-- grain:   one row per sampled differing prediction, kind and stretch of delays: of its window the rows alone that came in within any
--          delay in there come to what was served
-- inputs:  int_suspects_<feature>, stg_source_<i>
-- params:  $sample BIGINT  suspects of a day that are asked; $first_day, $end_day DATE (excluded); $length_us, $offset_us BIGINT of
--          the window; $tolerance, $relative DOUBLE
-- output:  day        DATE
--          kind       VARCHAR  after: behind the row's event; deadline: behind the end of its UTC day
--          low, high  DOUBLE   microseconds: delays from low on, below high
-- All delays from the longest on are left out: they make what is declared.
with {{template "asked_windows" .}},

inside as (
    select
        suspects.day,
        suspects.row_no,
        suspects.said,
        {{if .Counted}}1{{else}}rows.v_{{num .Value}}{{end}} as value,
        unnest(['after', 'deadline']) as kind,
        unnest([
            epoch_us(rows.known_at) - epoch_us(rows.event_at),
            epoch_us(rows.known_at) - epoch_us(date_trunc('day', rows.event_at) + interval 1 day)
        ]) as delay_us,
    from suspects
    join {{name .From}} as rows
        on {{template "in_window" .}}
        and rows.event_at > suspects.ends_at - to_microseconds($length_us::bigint)
),

delayed as (
    select
        day,
        row_no,
        said,
        kind,
        delay_us,
        count(*) as n_rows,
        count(value) as n_values,
        {{if .Sums}}sum(try_cast(value as decimal(28, 9))){{else}}0{{end}} as total,
    from inside
    group by day, row_no, said, kind, delay_us
),

running as (
    select
        day,
        row_no,
        said,
        kind,
        delay_us,
        lead(delay_us) over by_delay as next_us,
        sum(n_rows) over by_delay as n_rows,
        sum(n_values) over by_delay as n_values,
        sum(total) over by_delay as total,
    from delayed
    window by_delay as (partition by day, row_no, kind order by delay_us)
)

select
    running.day,
    running.kind,
    cast(greatest(running.delay_us, 1) as double) as low,
    cast(running.next_us as double) as high,
from running
where running.next_us > 1
    and {{template "fits_said" .}}
order by running.day, running.kind, low, high, running.row_no
