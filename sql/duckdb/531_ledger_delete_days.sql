-- grain:   none: removes the days that a run hands over from a table of the ledger
-- inputs:  ledger, out_counts
-- params:  none
-- output:  none
delete from ledger.main.{{ident .Table}}
where day in (select out_counts.day from out_counts)
