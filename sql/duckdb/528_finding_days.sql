-- grain:   one row per boundary, finding and evaluated day, from a week before the first day that the finding affects
-- inputs:  none
-- params:  none
-- output:  boundary  DATE     UTC day at whose start the window ends
--          finding   VARCHAR  id of the finding
--          day       DATE     UTC day of the predictions
--          rows      BIGINT   predictions of the day that were hit
--          share     DOUBLE   of the day's predictions, 0 to 1
create table ledger.main.finding_days (
    boundary date,
    finding varchar,
    day date,
    "rows" bigint,
    share double
)
