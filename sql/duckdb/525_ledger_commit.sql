-- grain:   none: ends a transaction, keeping it
-- inputs:  none
-- params:  none
-- output:  none
commit
