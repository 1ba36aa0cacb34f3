-- A source's rows as each reading of in_readings sees them, of the keys that suspects have: rows of .From with the key columns
-- .Keys, the number of the reading as k_<.Reading>, the value as v_0. .Texts are the keys that are text, .Values and .Filters
-- the source's. Rows are left out that no window, or no age up to .Within, can reach; .Looks tells that there is such a bound.

{{define "reread"}}asked_keys as (
    select distinct {{range .Keys}}p_{{num .}}, {{end}}true as asked
    from int_suspects_{{num .Feature}}
),

reread as (
    select
        in_readings.*,
        {{range .Plain}}rows.k_{{num .}},
        {{end}}{{range .Texts}}alike(in_readings.normalise, rows.k_{{num .}}) as k_{{num .}},
        {{end}}case in_readings.value {{range $n, $v := .Values}}when {{num $n}} then {{if ge $v 0}}rows.v_{{num $v}}{{else}}1{{end}} {{end}}end as v_0,
        {{if .Static}}rows.event_at{{else}}case when in_readings.zone <> '' then timezone(nullif(in_readings.zone, ''), rows.event_at at time zone 'UTC') else rows.event_at end
            + to_microseconds(in_readings.shift_us){{end}} as seen_at,
        case
            when in_readings.final then rows.event_at
            when in_readings.passed then greatest(rows.known_at, rows.event_at + to_microseconds(in_readings.shift_us))
            else rows.known_at
        end as known_at,
        case
            when in_readings.final or in_readings.every then null
            when in_readings.late_us > 0 and rows.dead_at > rows.event_at + to_microseconds(in_readings.late_us) then null
            when in_readings.deadline_us > 0 and rows.dead_at > date_trunc('day', rows.event_at) + interval 1 day + to_microseconds(in_readings.deadline_us) then null
            else rows.dead_at
        end as dead_at,
        rows.schema_id,
    from {{name .From}} as rows
    join in_readings
        on rows.event_at <= $last_at::timestamp + to_microseconds({{template "leeway_us"}} + case when in_readings.g = 0 then $ahead_us::bigint else 0 end){{if .Looks}}
        and rows.event_at >= $first_at::timestamp - to_microseconds({{if .Windows}}in_readings.length_us + in_readings.offset_us{{else}}{{num .Within}}{{end}}
            + {{template "leeway_us"}} + case when in_readings.g = 0 or in_readings.skips then $back_us::bigint else 0 end){{end}}
    where (not in_readings.final or rows.dead_at is null)
        and (in_readings.late_us = 0 or rows.known_at <= rows.event_at + to_microseconds(in_readings.late_us))
        and (in_readings.deadline_us = 0 or rows.known_at <= date_trunc('day', rows.event_at) + interval 1 day + to_microseconds(in_readings.deadline_us))
        and case in_readings.filter {{range $n, $f := .Filters}}when {{num $n}} then {{if .Passes}}rows.passes and {{end}}{{if ge .Filter 0}}rows.w_{{num .Filter}} and {{end}}{{if ge .Column 0}}(cast(rows.v_{{num .Column}} as varchar) is not distinct from {{literal .Word}}) is {{if .Not}}false{{else}}true{{end}} and {{end}}{{if .Above}}coalesce(rows.v_{{num .Number}} > cast({{literal .Bound}} as double), false) and {{end}}{{if .AtLeast}}coalesce(rows.v_{{num .Number}} >= cast({{literal .Bound}} as double), false) and {{end}}{{if .Below}}coalesce(rows.v_{{num .Number}} < cast({{literal .Bound}} as double), false) and {{end}}{{if .AtMost}}coalesce(rows.v_{{num .Number}} <= cast({{literal .Bound}} as double), false) and {{end}}true
            {{end}}end
        and (in_readings.normalise <> '' or ({{template "row_keys" .Keys}}) in (select ({{range $i, $k := .Keys}}{{if $i}}, {{end}}asked_keys.p_{{num $k}}{{end}}) from asked_keys))
)
{{- end}}

-- How far a reading moves event times or the edges of windows, at most: by its shift; by a clock, a day; aligned, a week and a day. A
-- second is for edges that are open or closed.

{{define "leeway_us"}}abs(in_readings.shift_us) + abs(in_readings.opens_us) + abs(in_readings.closes_us) + 1000000
            + case when in_readings.zone <> '' then 86400000000 else 0 end
            + case when in_readings.align <> '' or in_readings.to_date <> '' then 691200000000 else 0 end{{end}}

{{define "row_keys"}}{{range $i, $k := .}}{{if $i}}, {{end}}rows.k_{{num $k}}{{end}}{{end}}
