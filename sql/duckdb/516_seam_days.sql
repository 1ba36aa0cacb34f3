-- grain:   one row per day, source and feature: how far served and replayed values agree
-- inputs:  none
-- params:  none
-- output:  day           DATE     UTC day of the predictions
--          source        VARCHAR  source handed over
--          feature       VARCHAR  feature served
--          rows          BIGINT   predictions compared
--          agree         BIGINT   served as replayed
--          null_rows     BIGINT   served null where the replay has nothing
--          default_rows  BIGINT   served the default where the replay has nothing
--          differs       BIGINT   served another value
--          ambiguous     BIGINT   the declaration leaves a tie between different values
create table ledger.main.seam_days (
    day date,
    source varchar,
    feature varchar,
    "rows" bigint,
    agree bigint,
    null_rows bigint,
    default_rows bigint,
    differs bigint,
    ambiguous bigint
)
