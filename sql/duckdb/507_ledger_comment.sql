-- grain:   none: documents a table or view of the ledger
-- inputs:  ledger
-- params:  none
-- output:  none
comment on {{name .Kind}} ledger.main.{{ident .Name}} is {{literal .Text}}
