-- grain:   one row per UTC day and stretch that explains the most of its sampled suspects
-- inputs:  int_suspects_<feature>, int_states_<n>, int_steps_<n> or int_peaks_<n>
-- params:  $tolerance DOUBLE, $relative DOUBLE of number features; $sample BIGINT; $first_day, $end_day DATE (excluded); $back_us, $ahead_us BIGINT: how far from the
--          prediction's instant the source is looked at
-- output:  day       DATE
--          kind      VARCHAR  lag or ahead: microseconds from the prediction's instant; frozen: microseconds since 1970
--          low_us, high_us   BIGINT   half-open: read at any distance, or instant, in here the source gives what was served
--          "rows"    BIGINT   suspects of which that holds
-- Rows that were served what null gives say nothing of when the source was read and are left out.
with history as (
    select
        {{range .Keys}}k_{{num .}},
        {{end}}{{if .Windows}}step_at as from_at,
        {{template "window_value" .}} as value,
        lead(step_at) over (partition by {{template "plain_keys" .Keys}} order by step_at) as until_at,
    from {{template "window_steps" .}}
    {{else}}from_at,
        v_0 as value,
        least(lead(from_at) over (partition by {{template "plain_keys" .Keys}} order by from_at), {{if .Within}}newest_at + to_microseconds({{num .Within}}::bigint + 1){{else}}null::timestamp{{end}}) as until_at,
    from int_states_{{num .Index}}
    {{end}}where k_{{num .Reading}} = 0
),

asked as (
    select *
    from int_suspects_{{num .Feature}}
    where day >= $first_day::date and day < $end_day::date and place <= $sample::bigint and features_at is not null and served is not null and served is distinct from fallback
),

alike as (
    select
        asked.day,
        asked.row_no,
        epoch_us(asked.features_at) as asked_us,
        epoch_us(history.from_at) as from_us,
        epoch_us(coalesce(history.until_at, asked.features_at + to_microseconds($ahead_us::bigint))) as until_us,
    from asked
    join history
        on {{range .Pairs}}history.k_{{num .Source}} = asked.p_{{num .Source}} and {{end}}history.from_at <= asked.features_at + to_microseconds($ahead_us::bigint)
        and history.from_at >= asked.features_at - to_microseconds($back_us::bigint)
    where history.value is not null and {{if .Number}}close_to(asked.served, history.value, $tolerance::double, $relative::double){{else}}asked.served = history.value{{end}}
),

moves as (
    select day, 'lag' as kind, from_us - asked_us as at_us, 1 as d
    from alike
    where from_us < asked_us
    union all
    select day, 'lag', least(until_us - asked_us, 0), -1
    from alike
    where from_us < asked_us
    union all
    select day, 'ahead', greatest(from_us - asked_us, 1), 1
    from alike
    where until_us > asked_us + 1
    union all
    select day, 'ahead', until_us - asked_us, -1
    from alike
    where until_us > asked_us + 1
    union all
    select day, 'frozen', from_us, 1
    from alike
    where from_us < asked_us
    union all
    select day, 'frozen', until_us, -1
    from alike
    where from_us < asked_us
),

steps as (
    select day, kind, at_us, sum(d) as d
    from moves
    group by day, kind, at_us
    having sum(d) <> 0
),

running as (
    select
        day,
        kind,
        at_us as low_us,
        lead(at_us) over (partition by day, kind order by at_us) as high_us,
        sum(d) over (partition by day, kind order by at_us rows between unbounded preceding and current row) as "rows",
    from steps
)

select
    running.day,
    running.kind,
    running.low_us,
    running.high_us,
    cast(running."rows" as bigint) as "rows",
from running
where running.high_us is not null and running."rows" > 0
qualify row_number() over (partition by running.day, running.kind order by running."rows" desc, case running.kind when 'frozen' then -running.low_us else abs(running.low_us) end, running.low_us) <= 2
order by running.day, running.kind, running."rows" desc, running.low_us
