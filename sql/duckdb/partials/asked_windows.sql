-- The windows of a feature's sampled suspects, as limits and lengths are fitted to them. asked_windows is the suspects, with the instant
-- at which their windows end, where .Align tells whether they are aligned. in_window is the condition by which a row of .From is in one
-- of them, however far back: known then, and passing what the declaration asks of it. Both take $sample, $first_day,
-- $end_day and $offset_us.

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

{{define "in_window"}}{{range .Keys}}rows.k_{{num .}} = suspects.p_{{num .}} and {{end}}rows.event_at <= suspects.ends_at
        and rows.known_at <= suspects.features_at and (rows.dead_at is null or rows.dead_at > suspects.features_at)
        and rows.passes{{if ge .Filter 0}} and rows.w_{{num .Filter}}{{end}}{{end}}
