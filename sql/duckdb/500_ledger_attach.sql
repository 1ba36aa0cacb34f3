-- grain:   none: opens a ledger's copy for writing, as database ledger; makes it where there is no file
-- inputs:  the file at .Path
-- params:  none
-- output:  none
attach {{path .Path}} as ledger
