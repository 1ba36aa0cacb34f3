-- grain:   none: removes what a table of the ledger holds of one run
-- inputs:  ledger
-- params:  $run_id VARCHAR
-- output:  none
delete from ledger.main.{{ident .Table}}
where run_id = $run_id::varchar
