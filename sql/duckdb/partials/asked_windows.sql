-- The windows of a feature's sampled suspects, as limits and lengths are fitted to them. asked_windows is the suspects, with the instant
-- at which their windows end, where .Align tells whether they are aligned. in_window is the condition by which a row of .From is in one
-- of them, however far back: known then, and passing what the declaration asks of it; known_in_window is the same with the versions
-- of rows that were replaced by then. All take $sample, $first_day,
-- $end_day and $offset_us. aged_rows is the rows of them that are no older than $reach_us at their end, added up by age; fits_said is the
-- condition by which rows that were added up as n_rows, n_values and total make what was served.

{{define "asked_windows"}}suspects as (
    select
        row_no,
        day,
        features_at,
        said,
        {{range .Keys}}p_{{num .}},
        {{end}}{{if .Align}}date_trunc({{literal .Align}}, features_at){{else}}features_at{{end}} - to_microseconds($offset_us::bigint) as ends_at,
    from int_suspects_{{num .Feature}}
    where day >= $first_day::date and day < $end_day::date and place <= $sample::bigint and features_at is not null and served is not null
){{end}}

{{define "in_window"}}{{template "known_in_window" .}}
        and (rows.dead_at is null or rows.dead_at > suspects.features_at){{end}}

{{define "known_in_window"}}{{range .Keys}}rows.k_{{num .}} = suspects.p_{{num .}} and {{end}}rows.event_at <= suspects.ends_at
        and rows.known_at <= suspects.features_at
        and rows.passes{{if ge .Filter 0}} and rows.w_{{num .Filter}}{{end}}{{end}}

{{define "aged_rows"}}aged as (
    select
        suspects.day,
        suspects.row_no,
        suspects.said,
        epoch_us(suspects.ends_at) - epoch_us(rows.event_at) as age_us,
        count(*) as n_rows,
        {{if .Counted}}count(*){{else}}count(rows.v_{{num .Value}}){{end}} as n_values,
        {{if .Sums}}sum(try_cast(rows.v_{{num .Value}} as decimal(28, 9))){{else}}0{{end}} as total,
    from suspects
    join {{name .From}} as rows
        on {{template "in_window" .}}
        and rows.event_at > suspects.ends_at - to_microseconds($reach_us::bigint)
    group by suspects.day, suspects.row_no, suspects.said, age_us
){{end}}

{{define "fits_said"}}close_to(running.said, cast({{if .Mean}}cast(running.total as double) / nullif(running.n_values, 0){{else if .Sums}}case when running.n_values > 0 then running.total end{{else if .Counted}}running.n_rows{{else}}running.n_values{{end}} as double), $tolerance::double, $relative::double){{end}}
