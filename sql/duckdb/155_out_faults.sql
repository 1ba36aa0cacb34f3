-- grain:   one row
-- inputs:  stg_predictions, stg_outcomes, int_deliveries
-- params:  $first_day DATE, $end_day DATE (excluded)
-- output:  undated               BIGINT  prediction rows without `at`
--          predictions           BIGINT  prediction rows of the days taken in
--          invalid               BIGINT  of these, set aside
--          superseded            BIGINT  of these, not chosen
--          repeated_id           VARCHAR an id that is delivered more than once; NULL: none
--          predictions_unzoned   BIGINT  prediction rows with an instant in text without zone, none being declared
--          outcome_rows          BIGINT
--          outcomes_invalid      BIGINT  of these, set aside
--          outcomes_unzoned      BIGINT
--          outcomes_repeated     BIGINT  keys with more than one row
--          repeated_key          VARCHAR one of them, its columns parted by commas; NULL: none
with days as (
    select
        count(*) as predictions,
        count(*) filter (where int_deliveries.invalid) as invalid,
        count(*) filter (where not int_deliveries.invalid and not int_deliveries.chosen) as superseded,
    from int_deliveries
    where int_deliveries.day >= $first_day::date and int_deliveries.day < $end_day::date
),

repeated as (
    select min(stg_predictions.prediction_id) as prediction_id
    from int_deliveries
    join stg_predictions on stg_predictions.rowid = int_deliveries.row_no
    where int_deliveries.repeats > 1 and int_deliveries.day >= $first_day::date and int_deliveries.day < $end_day::date
),

read_predictions as (
    select
        count(*) filter (where stg_predictions.day is null) as undated,
        count(*) filter (where stg_predictions.unzoned) as unzoned,
    from stg_predictions
),

read_outcomes as (
    select
        count(*) as outcome_rows,
        count(*) filter (where not stg_outcomes.valid) as invalid,
        count(*) filter (where stg_outcomes.unzoned) as unzoned,
    from stg_outcomes
),

keys as (
    select
        count(*) as repeated,
        min(concat_ws(', ', {{template "keys" .OutcomeKeys}})) as example,
    from (
        select {{template "keys" .OutcomeKeys}}
        from stg_outcomes
        where valid and value is not null
        group by {{template "keys" .OutcomeKeys}}
        having count(*) > 1
    )
)

select
    read_predictions.undated,
    days.predictions,
    days.invalid,
    days.superseded,
    repeated.prediction_id as repeated_id,
    read_predictions.unzoned as predictions_unzoned,
    read_outcomes.outcome_rows,
    read_outcomes.invalid as outcomes_invalid,
    read_outcomes.unzoned as outcomes_unzoned,
    keys.repeated as outcomes_repeated,
    keys.example as repeated_key,
from days
cross join repeated
cross join read_predictions
cross join read_outcomes
cross join keys
