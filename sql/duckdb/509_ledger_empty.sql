-- grain:   none: empties a table of the ledger
-- inputs:  ledger
-- params:  none
-- output:  none
delete from ledger.main.{{ident .Table}}
