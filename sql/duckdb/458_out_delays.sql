-- grain:   one row per sampled differing prediction, kind and stretch of delays: of its window the rows alone that came in within any
--          delay in there come to what was served
-- inputs:  int_suspects_<feature>, stg_source_<i>
-- params:  $sample BIGINT  suspects of a day that are asked; $first_day, $end_day DATE (excluded); $length_us, $offset_us BIGINT of
--          the window; $tolerance, $relative DOUBLE
-- output:  day        DATE
--          kind       VARCHAR  after: behind the row's event; deadline: behind the end of its UTC day
--          low, high  DOUBLE   microseconds: delays from low on, below high
-- All delays from the longest on are left out: they make what is declared. A version of a row counts for delays from its own on, up to that of
-- the one that replaces it: where that comes in too late, the earlier one stands.
with {{template "asked_windows" .}},

inside as (
    select
        suspects.day,
        suspects.row_no,
        suspects.said,
        {{if .Counted}}1{{else}}rows.v_{{num .Value}}{{end}} as value,
        rows.known_at,
        case when rows.dead_at <= suspects.features_at then rows.dead_at end as dead_at,
        unnest(['after', 'deadline']) as kind,
        unnest([rows.event_at, date_trunc('day', rows.event_at) + interval 1 day]) as base_at,
    from suspects
    join {{name .From}} as rows
        on {{template "known_in_window" .}}
        and rows.event_at > suspects.ends_at - to_microseconds($length_us::bigint)
    where rows.dead_at is null or rows.dead_at > rows.known_at
),

moves as (
    select day, row_no, said, kind, epoch_us(known_at) - epoch_us(base_at) as delay_us, value, 1 as d
    from inside
    union all
    select day, row_no, said, kind, epoch_us(dead_at) - epoch_us(base_at), value, -1
    from inside
    where dead_at is not null
),

delayed as (
    select
        day,
        row_no,
        said,
        kind,
        delay_us,
        sum(d) as n_rows,
        sum(case when value is not null then d else 0 end) as n_values,
        {{if .Sums}}sum(try_cast(value as decimal(28, 9)) * d){{else}}0{{end}} as total,
    from moves
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
