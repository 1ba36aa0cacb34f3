-- grain:   none: starts a transaction
-- inputs:  none
-- params:  none
-- output:  none
begin transaction
