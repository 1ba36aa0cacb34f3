-- grain:   one row per UTC day of the days that are taken in, days without a prediction too
-- inputs:  int_deliveries, int_matched, out_outcome_counts
-- params:  $first_day DATE, $end_day DATE (excluded), $as_of TIMESTAMP (UTC)
-- output:  day     DATE
--          closed  BOOLEAN  over at as-of
--          predictions, invalid, superseded, hindsight, matched, pending, missing, late   BIGINT   prediction rows
--          repeated                                                                       BIGINT   outcome rows
--          corrected, duplicated, withdrawn, orphans                                      BIGINT   outcome keys, by event day
create or replace temp table out_counts as
with days as (
    select cast(unnest(range($first_day::date, $end_day::date, interval 1 day)) as date) as day
),

delivered as (
    select
        day,
        count(*) as predictions,
        count(*) filter (where invalid) as invalid,
        count(*) filter (where not invalid and not chosen) as superseded,
    from int_deliveries
    group by day
),

matched as (
    select
        day,
        count(*) filter (where state = 'hindsight') as hindsight,
        count(*) filter (where state = 'matched') as matched,
        count(*) filter (where state = 'pending') as pending,
        count(*) filter (where state = 'missing') as missing,
        count(*) filter (where late) as late,
    from int_matched
    group by day
)

select
    days.day,
    cast(days.day + 1 as timestamp) <= $as_of::timestamp as closed,
    coalesce(delivered.predictions, 0) as predictions,
    coalesce(delivered.invalid, 0) as invalid,
    coalesce(delivered.superseded, 0) as superseded,
    coalesce(matched.hindsight, 0) as hindsight,
    coalesce(matched.matched, 0) as matched,
    coalesce(matched.pending, 0) as pending,
    coalesce(matched.missing, 0) as missing,
    coalesce(matched.late, 0) as late,
    coalesce(outcomes.repeated, 0) as repeated,
    coalesce(outcomes.corrected, 0) as corrected,
    coalesce(outcomes.duplicated, 0) as duplicated,
    coalesce(outcomes.withdrawn, 0) as withdrawn,
    coalesce(outcomes.orphans, 0) as orphans,
from days
left join delivered on delivered.day = days.day
left join matched on matched.day = days.day
left join out_outcome_counts as outcomes on outcomes.day = days.day
