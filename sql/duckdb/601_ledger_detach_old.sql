-- grain:   none: closes the database old
-- inputs:  old
-- params:  none
-- output:  none
detach old
