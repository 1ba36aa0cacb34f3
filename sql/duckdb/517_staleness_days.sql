-- grain:   one row per day, join and bin: how old the rows were that features were computed from
-- inputs:  none
-- params:  none
-- output:  day          DATE     UTC day of the predictions
--          source_join  VARCHAR  name of the join
--          bin          INTEGER  bin of the staleness, ascending
--          rows         BIGINT   predictions
--          max_s        BIGINT   greatest staleness in the bin, seconds
create table ledger.main.staleness_days (
    day date,
    source_join varchar,
    bin integer,
    "rows" bigint,
    max_s bigint
)
