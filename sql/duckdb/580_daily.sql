-- grain:   one row per day taken in
-- inputs:  days, cells
-- params:  none
-- output:  day            DATE       UTC day of the predictions
--          as_of          TIMESTAMP  UTC instant at which the world was looked at
--          closed         BOOLEAN    the day was over at as_of; open days are not evaluated
--          predictions    BIGINT     prediction rows of the day known by as_of
--          invalid        BIGINT     set aside as bad rows
--          superseded     BIGINT     deliveries of an id other than the chosen one
--          hindsight      BIGINT     chosen rows delivered when their outcome was known; never scored
--          matched        BIGINT     chosen rows with an outcome
--          pending        BIGINT     chosen rows without an outcome whose horizon is open
--          missing        BIGINT     chosen rows without an outcome whose horizon is over
--          late           BIGINT     outcomes first known after the horizon
--          repeated       BIGINT     outcome rows equal to the value already known
--          corrected      BIGINT     outcome keys whose value changed
--          duplicated     BIGINT     outcome keys with several different values at one instant
--          withdrawn      BIGINT     outcome keys absent from a later snapshot
--          orphans        BIGINT     outcome keys without a prediction
--          matched_share  DOUBLE     matched / (matched + pending + missing), 0 to 1
--          mean_loss      DOUBLE     over matched rows, weighted, in the loop's unit
--          base_rate      DOUBLE     mean outcome over matched rows, weighted
--          mean_score     DOUBLE     mean score over matched rows, weighted
create or replace view ledger.main.daily as
with totals as (
    select
        cells.day,
        sum(cells.weight) as weight,
        sum(cells.loss) as loss,
        sum(cells.outcome) as outcome,
        sum(cells.score) as score
    from main.cells
    group by cells.day
)

select
    days.day,
    days.as_of,
    days.closed,
    days.predictions,
    days.invalid,
    days.superseded,
    days.hindsight,
    days.matched,
    days.pending,
    days.missing,
    days.late,
    days.repeated,
    days.corrected,
    days.duplicated,
    days.withdrawn,
    days.orphans,
    days.matched / nullif(days.matched + days.pending + days.missing, 0) as matched_share,
    (totals.loss / nullif(totals.weight, 0))::double as mean_loss,
    (totals.outcome / nullif(totals.weight, 0))::double as base_rate,
    (totals.score / nullif(totals.weight, 0))::double as mean_score
from main.days
left join totals on totals.day = days.day
