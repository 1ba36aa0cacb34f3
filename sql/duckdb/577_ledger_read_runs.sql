-- grain:   one row per run
-- inputs:  ledger.run_log
-- params:  none
-- output:  as ledger.run_log
select
    run_log.run_id,
    run_log.interval_from,
    run_log.interval_to,
    run_log.as_of,
    run_log.engine_version
from ledger.main.run_log
order by run_log.interval_from, run_log.interval_to, run_log.as_of, run_log.run_id
