-- grain:   none: closes the database ledger
-- inputs:  ledger
-- params:  none
-- output:  none
detach ledger
