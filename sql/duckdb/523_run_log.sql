-- grain:   one row per run; a rerun of the same is the same run
-- inputs:  none
-- params:  none
-- output:  run_id          VARCHAR    16 hex of sha256 over loop file, interval, as-of, inputs and engine version
--          interval_from   TIMESTAMP  UTC start of the interval taken in
--          interval_to     TIMESTAMP  UTC end of it, exclusive
--          as_of           TIMESTAMP  UTC instant at which the world was looked at
--          engine_version  VARCHAR    version of plumbline
create table ledger.main.run_log (
    run_id varchar,
    interval_from timestamp,
    interval_to timestamp,
    as_of timestamp,
    engine_version varchar
)
