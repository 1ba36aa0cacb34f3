-- grain:   none: ends a transaction, dropping it
-- inputs:  none
-- params:  none
-- output:  none
rollback
