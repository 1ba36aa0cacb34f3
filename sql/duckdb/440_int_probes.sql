-- grain:   one row per suspect and probe
-- inputs:  int_suspects_<feature>, in_probes, int_states_<n>, int_steps_<n> or int_peaks_<n>, int_window_<n>, int_extremes_<n> and int_lookup_<n> of variants
-- params:  $sample BIGINT  suspects of a day that are asked for; $first_day, $end_day DATE (excluded)
-- output:  row_no     BIGINT
--          probe      BIGINT
--          piece_at   TIMESTAMP  which stretch of the source's history was read; NULL: none, or a variant
--          v          DOUBLE, VARCHAR or TIMESTAMP   the value found; of counts 0 where nothing is
--          n_rows, n_values   BIGINT   of windows: rows inside, and those with a value
--          total      DECIMAL   of windows: sum of the values
-- An "asof" join takes an instant that is NULL as the last of all.
create or replace temp table int_probes_{{num .Feature}} as
with suspects as (
    select *
    from int_suspects_{{num .Feature}}
    where day >= $first_day::date and day < $end_day::date and place <= $sample::bigint and features_at is not null
),

asked as (
    select
        suspects.row_no,
        suspects.features_at,
        suspects.declared,
        in_probes.probe,
        in_probes.g,
        in_probes.aged,
        in_probes.within_us,
        {{range .Plain}}suspects.p_{{num .}},
        {{end}}{{range .Texts}}alike(in_probes.normalise, suspects.p_{{num .}}) as p_{{num .}},
        {{end}}case in_probes.clock
            when 'shift' then suspects.features_at + to_microseconds(in_probes.by_us)
            when 'frozen' then least(suspects.features_at, in_probes.frozen_at)
            when 'refresh' then time_bucket(to_microseconds(in_probes.period_us), suspects.features_at, timestamp '2000-01-01' + to_microseconds(in_probes.phase_us))
            when 'zone' then timezone(nullif(in_probes.zone, ''), suspects.features_at at time zone 'UTC')
            else timezone(nullif(in_probes.zone, ''), suspects.features_at) at time zone 'UTC'
        end as asked_at,
    from suspects
    join in_probes on (in_probes.day is null or in_probes.day = suspects.day)
),

found as (
    select
        asked.row_no,
        asked.probe,
        asked.declared,
        {{if .Windows}}history.step_at as piece_at,
        {{template "window_value" .}} as v,
        history.rows_known as n_rows,
        history.values_known as n_values,
        history.total,
        {{else}}history.from_at as piece_at,
        history.v_0 as v,
        asked.within_us = 0 or history.newest_at >= (case when asked.aged then asked.features_at else asked.asked_at end) - to_microseconds(asked.within_us) as recent,
        {{end}}
    from asked
    asof left join {{if .Windows}}{{template "window_steps" .}}{{else}}int_states_{{num .Index}}{{end}} as history
        on asked.g = history.k_{{num .Reading}} and {{range .Keys}}asked.p_{{num .}} = history.k_{{num .}} and {{end}}coalesce(asked.asked_at, timestamp '-infinity') >= history.{{if .Windows}}step_at{{else}}from_at{{end}}
)

select
    row_no,
    probe,
    {{if .Windows}}piece_at,
    case when probe = 0 then declared else {{if or .Sums .Extreme}}v{{else}}coalesce(v, 0){{end}} end as v,
    coalesce(n_rows, 0) as n_rows,
    coalesce(n_values, 0) as n_values,
    total,
    {{else}}case when recent then piece_at end as piece_at,
    case when probe = 0 then declared when recent then v end as v,
    0::bigint as n_rows,
    0::bigint as n_values,
    null::decimal(38, 9) as total,
    {{end}}
from found
{{range .Variants}}union all
select
    suspects.row_no,
    {{num .Probe}} as probe,
    null::timestamp as piece_at,
    {{if .Windows}}{{if .Counts}}coalesce(variant.value, 0){{else}}variant.value{{end}}{{else}}{{if .Within}}case when variant.newest_at >= suspects.features_at - to_microseconds({{num .Within}}::bigint) then variant.v_{{num .Value}} end{{else}}variant.v_{{num .Value}}{{end}}{{end}} as v,
    null::bigint as n_rows,
    null::bigint as n_values,
    null::decimal(38, 9) as total,
from suspects
left join {{if .Extreme}}int_extremes_{{num .Index}}{{else if .Windows}}int_window_{{num .Index}}{{else}}int_lookup_{{num .Index}}{{end}} as variant on variant.row_no = suspects.row_no
{{end}}
