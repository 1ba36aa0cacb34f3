-- grain:   one row per UTC day and hour of predictions, and day on which their outcome first became known
-- inputs:  int_matched, stg_predictions, int_outcome_instants
-- params:  none
-- output:  day        DATE
--          hour       TINYINT
--          known_day  DATE     NULL: never
--          timely     BOOLEAN  within the horizon
--          late       BOOLEAN  after it
--          torn       BOOLEAN  never, because rows that contradict each other came: on known_day the first of them
--          "rows"     BIGINT
-- A prediction whose outcome was known before it is left out.
with conflicts as (
    select
        {{range .OutcomeKeys}}o_{{num .Index}},
        {{end}}min(known_at) as known_at,
    from int_outcome_instants
    where conflict
    group by {{template "keys" .OutcomeKeys}}
),

waits as (
    select
        int_matched.day,
        cast(hour(stg_predictions.predicted_at) as tinyint) as hour,
        int_matched.timely,
        int_matched.late,
        not int_matched.timely and not int_matched.late and conflicts.known_at is not null as torn,
        cast(case when int_matched.timely or int_matched.late then int_matched.first_known else conflicts.known_at end as date) as known_day,
    from int_matched
    join stg_predictions on stg_predictions.rowid = int_matched.row_no
    left join conflicts on {{range $i, $k := .OutcomeKeys}}{{if $i}} and {{end}}conflicts.o_{{num $k.Index}} = stg_predictions.o_{{num $k.Index}}{{end}}
    where int_matched.state <> 'hindsight'
)

select
    waits.day,
    waits.hour,
    waits.known_day,
    waits.timely,
    waits.late,
    waits.torn,
    count(*) as "rows",
from waits
group by waits.day, waits.hour, waits.known_day, waits.timely, waits.late, waits.torn
order by waits.day, waits.hour, waits.known_day, waits.timely, waits.late, waits.torn
