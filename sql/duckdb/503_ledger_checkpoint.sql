-- grain:   none: folds the log of changes into the file
-- inputs:  ledger
-- params:  none
-- output:  none
checkpoint ledger
