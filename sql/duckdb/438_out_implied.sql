-- grain:   one row per UTC day and stretch that explains the most of its sampled suspects
-- inputs:  int_suspects_<feature>, int_states_<n>, int_steps_<n> or int_peaks_<n>
-- params:  $tolerance DOUBLE, $relative DOUBLE of number features; $sample BIGINT; $first_day, $end_day DATE (excluded); $back_us, $ahead_us BIGINT: how far from the
--          prediction's instant the source is looked at
-- output:  day       DATE
--          kind      VARCHAR  lag or ahead: microseconds from the prediction's instant; frozen: microseconds since 1970
--          low_us, high_us   BIGINT   half-open: read at any distance, or instant, in here the source gives what was served
--          "rows"    BIGINT   suspects of which that holds
--          fine      BOOLEAN  of a stretch of instants the part in which the source contradicts the fewest of the suspects that were served
--                    what null gives, the last of several: they say nothing of when the source was read but which value had come, or was
--                    gone, at the end of its time. Its rows are those of the whole stretch
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

suspects as (
    select *, served is null or coalesce(served = fallback, false) as empty
    from int_suspects_{{num .Feature}}
    where day >= $first_day::date and day < $end_day::date and place <= $sample::bigint and features_at is not null
),

asked as (
    select *
    from suspects
    where not empty
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
),

stretches as (
    select day, kind, low_us, high_us, cast("rows" as bigint) as "rows"
    from running
    where high_us is not null and "rows" > 0
    qualify row_number() over (partition by day, kind order by "rows" desc, case kind when 'frozen' then -low_us else abs(low_us) end, low_us) <= 2
),

denied as (
    select
        stretches.day,
        stretches.low_us,
        stretches.high_us,
        greatest(epoch_us(history.from_at), stretches.low_us) as from_us,
        case when history.until_at <= suspects.features_at then epoch_us(history.until_at) end as until_us,
    from stretches
    join suspects on suspects.empty and suspects.day = stretches.day
    join history
        on {{range .Pairs}}history.k_{{num .Source}} = suspects.p_{{num .Source}} and {{end}}history.from_at <= suspects.features_at
        and history.from_at < make_timestamp(stretches.high_us)
        and (history.until_at is null or history.until_at > make_timestamp(stretches.low_us))
    where stretches.kind = 'frozen' and history.value is not null and not {{if .Number}}close_to(suspects.fallback, history.value, $tolerance::double, $relative::double){{else}}coalesce(suspects.fallback = history.value, false){{end}}
),

cuts as (
    select day, low_us, high_us, low_us as at_us, 0 as d
    from stretches
    where kind = 'frozen'
    union all
    select day, low_us, high_us, from_us, 1
    from denied
    union all
    select day, low_us, high_us, until_us, -1
    from denied
    where until_us < high_us
),

edges as (
    select day, low_us, high_us, at_us, sum(d) as d
    from cuts
    group by day, low_us, high_us, at_us
    having sum(d) <> 0 or at_us = low_us
),

parts as (
    select
        day,
        low_us,
        high_us,
        at_us,
        lead(at_us, 1, high_us) over by_instant as until_us,
        sum(d) over (by_instant rows between unbounded preceding and current row) as denying,
    from edges
    window by_instant as (partition by day, low_us, high_us order by at_us)
),

fine as (
    select stretches.day, stretches.kind, parts.at_us as low_us, parts.until_us as high_us, stretches."rows"
    from parts
    join stretches on stretches.kind = 'frozen' and stretches.day = parts.day and stretches.low_us = parts.low_us and stretches.high_us = parts.high_us
    where parts.until_us - parts.at_us < parts.high_us - parts.low_us
    qualify row_number() over (partition by stretches.day, stretches.low_us, stretches.high_us order by parts.denying, parts.at_us desc) = 1
)

select
    implied.day,
    implied.kind,
    implied.low_us,
    implied.high_us,
    implied."rows",
    implied.fine,
from (
    select *, false as fine
    from stretches
    union all
    select *, true as fine
    from fine
) as implied
order by implied.day, implied.kind, implied."rows" desc, implied.low_us, implied.fine
