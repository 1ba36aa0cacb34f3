-- grain:   one row per UTC hour of predictions, and hour in which their outcome first became known
-- inputs:  int_matched, stg_predictions, int_outcome_instants
-- params:  none
-- output:  predicted    TIMESTAMP  hour
--          known      TIMESTAMP  hour
--          "rows"     BIGINT
-- A prediction whose outcome was known before it is left out; one whose outcome came after the horizon is not.
select
    date_trunc('hour', stg_predictions.predicted_at) as predicted,
    date_trunc('hour', int_matched.first_known) as known,
    count(*) as "rows",
{{template "first_outcomes" .}}
where (int_matched.timely or int_matched.late) and int_outcome_instants.event_at is not null
group by date_trunc('hour', stg_predictions.predicted_at), date_trunc('hour', int_matched.first_known)
order by predicted, known
