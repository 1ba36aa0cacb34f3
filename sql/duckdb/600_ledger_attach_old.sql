-- grain:   none: opens a ledger for reading beside the one that is written, as database old
-- inputs:  the file at .Path
-- params:  none
-- output:  none
attach {{path .Path}} as old (read_only)
