-- grain:   one row per run
-- inputs:  none
-- params:  $run_id VARCHAR, $interval_from, $interval_to, $as_of TIMESTAMP (UTC), $engine_version VARCHAR
-- output:  rows of ledger.run_log
insert into ledger.main.run_log by name
select
    $run_id::varchar as run_id,
    $interval_from::timestamp as interval_from,
    $interval_to::timestamp as interval_to,
    $as_of::timestamp as as_of,
    $engine_version::varchar as engine_version
