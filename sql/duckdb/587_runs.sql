-- grain:   one row per run; a rerun of the same is the same run
-- inputs:  run_log
-- params:  none
-- output:  run_id          VARCHAR    16 hex of sha256 over loop file, interval, as-of, inputs and engine version
--          interval_from   TIMESTAMP  UTC start of the interval taken in
--          interval_to     TIMESTAMP  UTC end of it, exclusive
--          as_of           TIMESTAMP  UTC instant at which the world was looked at
--          engine_version  VARCHAR    version of plumbline
create or replace view ledger.main.runs as
select
    run_id,
    interval_from,
    interval_to,
    as_of,
    engine_version
from main.run_log
