-- grain:   one row per UTC hour of the events that are the outcomes of predictions, and hour in which they first became known
-- inputs:  int_matched, stg_predictions, int_outcome_instants
-- params:  none
-- output:  happened  TIMESTAMP  hour
--          known     TIMESTAMP  hour
--          "rows"    BIGINT     predictions
-- A prediction whose outcome was known before it is left out; one whose outcome came after the horizon is not.
select
    date_trunc('hour', int_outcome_instants.event_at) as happened,
    date_trunc('hour', int_matched.first_known) as known,
    count(*) as "rows",
from int_matched
join stg_predictions on stg_predictions.rowid = int_matched.row_no
join int_outcome_instants
    on {{range .OutcomeKeys}}int_outcome_instants.o_{{num .Index}} = stg_predictions.o_{{num .Index}} and {{end}}int_outcome_instants.known_at = int_matched.first_known
where (int_matched.timely or int_matched.late) and int_outcome_instants.event_at is not null
group by date_trunc('hour', int_outcome_instants.event_at), date_trunc('hour', int_matched.first_known)
order by happened, known
