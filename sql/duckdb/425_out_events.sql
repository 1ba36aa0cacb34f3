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
{{template "first_outcomes" .}}
where (int_matched.timely or int_matched.late) and int_outcome_instants.event_at is not null
group by date_trunc('hour', int_outcome_instants.event_at), date_trunc('hour', int_matched.first_known)
order by happened, known
