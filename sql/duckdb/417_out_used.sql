-- grain:   one row per UTC day of predictions, day on which rows that they used were revised, and direction
-- inputs:  int_used_<feature>, int_histories_<i>
-- params:  $revised_by DOUBLE  relative change from which a revision is large
-- output:  day           DATE
--          known_day     DATE           NULL: as used
--          lowered       BOOLEAN        the value now is less than the one used; false where known_day is NULL
--          predictions   BIGINT         that used a row; 0 where known_day is not NULL
--          base          DECIMAL(38,9)  sum over them of |value used|, likewise
--          moved         DECIMAL(38,9)  change of the sum of |value now - value used|
--          beyond        BIGINT         predictions more whose value is off by a large revision
--          agreeing      BIGINT         of these, with a served value that agrees with the replay
--          source_rows   BIGINT         source rows more that they used
--          used          DECIMAL(38,9)  change of the sums over them of |value used|
--          now           DECIMAL(38,9)  and of |value now|
--          known_from    TIMESTAMP      of those that came to be off: since when their values had been known
--          corrected_at  TIMESTAMP      when they were corrected
--          first_at      TIMESTAMP      first and last instant of their predictions
--          last_at       TIMESTAMP
with used as (
    select
        *,
        row_number() over (partition by day, {{range .Pairs}}k_{{num .Source}}, {{end}}event_at order by state_at, value, agrees) as use_no,
    from int_used_{{num .Feature}}
),

revised as (
    select
        used.day,
        used.value,
        used.agrees,
        used.predictions,
        used.use_no,
        used.state_at,
        used.first_at,
        used.last_at,
        histories.known_at,
        histories.v_{{num .Value}} as now,
        coalesce(lag(histories.v_{{num .Value}}) over each_use, used.value) as before,
    from used
    join int_histories_{{num .Index}} as histories
        on {{range .Pairs}}histories.k_{{num .Source}} = used.k_{{num .Source}} and {{end}}histories.event_at = used.event_at
        and histories.known_at > used.state_at
    where abs(histories.v_{{num .Value}}) < 1e12
    window each_use as (
        partition by used.day, {{range .Pairs}}used.k_{{num .Source}}, {{end}}used.event_at, used.use_no
        order by histories.known_at
    )
),

sides as (
    select day, agrees, predictions, use_no, state_at, first_at, last_at, known_at, value, now, 1 as sign
    from revised
    union all
    select day, agrees, predictions, use_no, state_at, first_at, last_at, known_at, value, before as now, -1 as sign
    from revised
),

judged as (
    select
        *,
        sign * predictions as weight,
        abs(now - value) > $revised_by::double * greatest(abs(now), abs(value)) as off,
    from sides
    where now <> value
)

select
    used.day,
    null::date as known_day,
    false as lowered,
    cast(sum(used.predictions) as bigint) as predictions,
    sum(used.predictions * cast(abs(used.value) as decimal(28, 9))) as base,
    0::decimal(38, 9) as moved,
    0::bigint as beyond,
    0::bigint as agreeing,
    0::bigint as source_rows,
    0::decimal(38, 9) as used,
    0::decimal(38, 9) as now,
    null::timestamp as known_from,
    null::timestamp as corrected_at,
    null::timestamp as first_at,
    null::timestamp as last_at,
from used
group by used.day
union all
select
    judged.day,
    cast(judged.known_at as date) as known_day,
    judged.now < judged.value as lowered,
    0::bigint as predictions,
    0::decimal(38, 9) as base,
    sum(judged.weight * cast(abs(judged.now - judged.value) as decimal(28, 9))) as moved,
    cast(coalesce(sum(judged.weight) filter (where judged.off), 0) as bigint) as beyond,
    cast(coalesce(sum(judged.weight) filter (where judged.off and judged.agrees), 0) as bigint) as agreeing,
    cast(coalesce(sum(judged.sign) filter (where judged.off and judged.use_no = 1), 0) as bigint) as source_rows,
    coalesce(sum(judged.weight * cast(abs(judged.value) as decimal(28, 9))) filter (where judged.off), 0) as used,
    coalesce(sum(judged.weight * cast(abs(judged.now) as decimal(28, 9))) filter (where judged.off), 0) as now,
    min(judged.state_at) filter (where judged.off and judged.sign = 1) as known_from,
    min(judged.known_at) filter (where judged.off and judged.sign = 1) as corrected_at,
    min(judged.first_at) filter (where judged.off and judged.sign = 1) as first_at,
    max(judged.last_at) filter (where judged.off and judged.sign = 1) as last_at,
from judged
group by judged.day, cast(judged.known_at as date), judged.now < judged.value
order by 1, 2 nulls first, 3
