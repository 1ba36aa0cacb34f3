-- grain:   one row per UTC day on which outcomes of predictions first became known within the horizon, and quarter of an hour
--          from prediction to event
-- inputs:  int_matched, stg_predictions, int_outcome_instants
-- params:  none
-- output:  day          DATE
--          quarter      BIGINT     15-minute steps from prediction to event, rounded down
--          event_first  TIMESTAMP  when the first of the events happened
--          "rows"       BIGINT     predictions
-- A prediction whose outcome was known before it, or came after the horizon, is left out.
select
    cast(int_matched.first_known as date) as day,
    cast(floor((epoch_us(int_outcome_instants.event_at) - epoch_us(stg_predictions.predicted_at)) / 9e8) as bigint) as quarter,
    min(int_outcome_instants.event_at) as event_first,
    count(*) as "rows",
{{template "first_outcomes" .}}
where int_matched.timely and int_outcome_instants.event_at is not null
group by cast(int_matched.first_known as date), quarter
order by day, quarter
