-- grain:   none: opens a ledger for reading, as database ledger
-- inputs:  the file at .Path
-- params:  none
-- output:  none
attach {{path .Path}} as ledger (read_only)
