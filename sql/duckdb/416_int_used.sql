-- grain:   one row per UTC day of predictions, source row that they used of a lookup, value they found there, and whether the
--          served value agrees with it
-- inputs:  int_instants, stg_predictions, int_lookup_<i>, int_replayed, int_conditions, int_histories_<i>
-- params:  none
-- output:  day          DATE
--          k_<i>        key of the row
--          event_at     TIMESTAMP  its `at`
--          state_at     TIMESTAMP  since when the value had been known
--          value        DOUBLE     as known then
--          agrees       BOOLEAN    served and replayed agree
--          predictions  BIGINT
--          first_at     TIMESTAMP  first and last instant of these predictions
--          last_at      TIMESTAMP
create or replace temp table int_used_{{num .Feature}} as
with found as (
    select
        int_instants.row_no,
        int_instants.day,
        int_instants.features_at,
        stg_predictions.predicted_at,
        {{range .Pairs}}int_instants.k_{{num .Prediction}} as p_{{num .Source}},
        {{end}}int_lookup_{{num .Index}}.newest_at,
        int_replayed.r_{{num .Feature}} as value,
        int_conditions.c_{{num .Condition}} = 0 as agrees,
    from int_instants
    join int_lookup_{{num .Index}} on int_lookup_{{num .Index}}.row_no = int_instants.row_no
    join int_replayed on int_replayed.row_no = int_instants.row_no
    join int_conditions on int_conditions.row_no = int_instants.row_no
    join stg_predictions on stg_predictions.rowid = int_instants.row_no
    where abs(int_replayed.r_{{num .Feature}}) < 1e12
)

select
    found.day,
    {{range .Pairs}}histories.k_{{num .Source}},
    {{end}}histories.event_at,
    histories.known_at as state_at,
    found.value,
    found.agrees,
    count(*) as predictions,
    min(found.predicted_at) as first_at,
    max(found.predicted_at) as last_at,
from found
asof join int_histories_{{num .Index}} as histories
    on {{range .Pairs}}found.p_{{num .Source}} = histories.k_{{num .Source}} and {{end}}found.newest_at = histories.event_at
    and found.features_at >= histories.known_at
group by found.day, {{range .Pairs}}histories.k_{{num .Source}}, {{end}}histories.event_at, histories.known_at, found.value, found.agrees
