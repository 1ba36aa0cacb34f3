-- grain:   one row per sampled differing prediction, column, side and stretch of limits: of its window the rows alone whose column
--          is beyond any limit in there come to what was served
-- inputs:  int_suspects_<feature>, stg_source_<i>
-- params:  $sample BIGINT  suspects of a day that are asked; $first_day, $end_day DATE (excluded); $length_us, $offset_us BIGINT of
--          the window; $tolerance, $relative DOUBLE
-- output:  day        DATE
--          column_no  INTEGER  the value v_<column_no> of the source
--          above      BOOLEAN  the rows above the limit count, or those below it
--          low, high  DOUBLE   neighbouring values among the window's rows: one of them counts, the other does not
with {{template "asked_windows" .}},

inside as (
    select
        suspects.day,
        suspects.row_no,
        suspects.said,
        {{if .Counted}}1{{else}}rows.v_{{num .Value}}{{end}} as value,
        {{range .Limited}}rows.v_{{num .}},
        {{end}}
    from suspects
    join {{name .From}} as rows
        on {{template "in_window" .}}
        and rows.event_at > suspects.ends_at - to_microseconds($length_us::bigint)
),

held as (
    {{range $n, $v := .Limited}}{{if $n}}union all
    {{end}}select
        day,
        row_no,
        said,
        {{num $v}} as column_no,
        v_{{num $v}} as held,
        count(*) as n_rows,
        count(value) as n_values,
        {{if $.Sums}}sum(try_cast(value as decimal(28, 9))){{else}}0{{end}} as total,
    from inside
    where v_{{num $v}} is not null and isfinite(v_{{num $v}})
    group by day, row_no, said, v_{{num $v}}
    {{end}}
),

running as (
    select
        day,
        row_no,
        said,
        column_no,
        held,
        lag(held) over upwards as held_below,
        lead(held) over upwards as held_above,
        sum(n_rows) over downwards as rows_from,
        sum(n_values) over downwards as values_from,
        sum(total) over downwards as total_from,
        sum(n_rows) over upwards as rows_to,
        sum(n_values) over upwards as values_to,
        sum(total) over upwards as total_to,
    from held
    window
        upwards as (partition by day, row_no, column_no order by held),
        downwards as (partition by day, row_no, column_no order by held desc)
),

made as (
    select
        day,
        row_no,
        said,
        column_no,
        true as above,
        held_below as low,
        held as high,
        {{if .Mean}}cast(total_from as double) / nullif(values_from, 0){{else if .Sums}}case when values_from > 0 then total_from end{{else if .Counted}}rows_from{{else}}values_from{{end}} as value,
    from running
    where held_below is not null
    union all
    select
        day,
        row_no,
        said,
        column_no,
        false as above,
        held as low,
        held_above as high,
        {{if .Mean}}cast(total_to as double) / nullif(values_to, 0){{else if .Sums}}case when values_to > 0 then total_to end{{else if .Counted}}rows_to{{else}}values_to{{end}} as value,
    from running
    where held_above is not null
)

select
    made.day,
    made.column_no,
    made.above,
    made.low,
    made.high,
from made
where close_to(made.said, cast(made.value as double), $tolerance::double, $relative::double)
order by made.day, made.column_no, made.above, made.low, made.high, made.row_no
