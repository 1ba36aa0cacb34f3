-- grain:   one row per UTC day on which outcomes of predictions first became known within the horizon
-- inputs:  int_matched, stg_predictions, int_outcome_instants
-- params:  none
-- output:  day        DATE
--          "rows"     BIGINT     predictions
--          predicted  TIMESTAMP  .05 quantile of when they were made
--          ahead      DOUBLE[]   seconds from prediction to event, quantiles .05 .25 .5 .75 .95
--          value      DOUBLE[]   the outcome as first known, likewise
--          positives  BIGINT     predictions whose outcome is 1
-- A prediction whose outcome was known before it, or came after the horizon, is left out.
select
    cast(int_matched.first_known as date) as day,
    count(*) as "rows",
    quantile_disc(stg_predictions.predicted_at, 0.05) as predicted,
    quantile_disc((epoch_us(int_outcome_instants.event_at) - epoch_us(stg_predictions.predicted_at)) / 1e6, [0.05, 0.25, 0.5, 0.75, 0.95]) as ahead,
    quantile_disc(int_outcome_instants.value, [0.05, 0.25, 0.5, 0.75, 0.95]) as value,
    count(*) filter (where int_outcome_instants.value = 1) as positives,
{{template "first_outcomes" .}}
where int_matched.timely
group by cast(int_matched.first_known as date)
order by day
