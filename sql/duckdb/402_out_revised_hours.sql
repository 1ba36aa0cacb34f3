-- grain:   one row per {{if .Keyed}}key, {{end}}UTC hour in which rows were first known, and day on which they were, or were revised
-- inputs:  int_histories_<i>{{if .Keyed}}, int_source_keys_<source>{{end}}
-- params:  $revised_by DOUBLE  relative change from which a revision is large
-- output:  key           VARCHAR        '' where all keys are taken together
--          hour          TIMESTAMP
--          known_day     DATE           NULL: the rows as first known
--          "rows"        BIGINT         first known; 0 where known_day is not NULL
--          base          DECIMAL(38,9)  sum of their |value|; 0 where known_day is not NULL
--          moved         DECIMAL(38,9)  change of the sum of |value now - value as first known|
--          off           BIGINT         rows more whose value is off by a large revision
--          used          DECIMAL(38,9)  change of the sums over them of |value as first known|
--          now           DECIMAL(38,9)  and of |value now|
--          after_s       DOUBLE         of those that came to be off: the median time until they were corrected, in seconds
-- A value of 1e12 and more, or that is not there, has no size.
with {{template "revised_values" .}},

judged as (
    select
        *,
        abs(value - first_value) > $revised_by::double * greatest(abs(value), abs(first_value)) as off,
    from sides
    where value <> first_value
)

select
    sized.key,
    date_trunc('hour', sized.first_known) as hour,
    null::date as known_day,
    count(*) as "rows",
    sum(cast(abs(sized.value) as decimal(38, 9))) as base,
    0::decimal(38, 9) as moved,
    0::bigint as off,
    0::decimal(38, 9) as used,
    0::decimal(38, 9) as now,
    null::double as after_s,
from sized
where sized.before is null
group by sized.key, date_trunc('hour', sized.first_known)
union all
select
    judged.key,
    date_trunc('hour', judged.first_known) as hour,
    cast(judged.known_at as date) as known_day,
    0::bigint as "rows",
    0::decimal(38, 9) as base,
    sum(judged.sign * cast(abs(judged.value - judged.first_value) as decimal(38, 9))) as moved,
    cast(coalesce(sum(judged.sign) filter (where judged.off), 0) as bigint) as off,
    coalesce(sum(judged.sign * cast(abs(judged.first_value) as decimal(38, 9))) filter (where judged.off), 0) as used,
    coalesce(sum(judged.sign * cast(abs(judged.value) as decimal(38, 9))) filter (where judged.off), 0) as now,
    quantile_disc((epoch_us(judged.known_at) - epoch_us(judged.first_known)) / 1e6, 0.5) filter (where judged.off and judged.sign = 1) as after_s,
from judged
group by judged.key, date_trunc('hour', judged.first_known), cast(judged.known_at as date)
order by 1, 2, 3 nulls first
