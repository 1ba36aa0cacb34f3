-- grain:   none: removes what a table of the ledger holds of one boundary
-- inputs:  ledger
-- params:  $boundary TIMESTAMP
-- output:  none
delete from ledger.main.{{ident .Table}}
where boundary = $boundary::date
