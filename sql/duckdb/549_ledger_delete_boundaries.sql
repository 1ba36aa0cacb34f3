-- grain:   none: removes what a table of the ledger holds of the boundaries that are to be written
-- inputs:  ledger, int_evaluations
-- params:  none
-- output:  none
delete from ledger.main.{{ident .Table}}
where boundary in (select int_evaluations.boundary from int_evaluations)
