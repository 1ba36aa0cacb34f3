-- grain:   none: documents a column of a table or view of the ledger
-- inputs:  ledger
-- params:  none
-- output:  none
comment on column ledger.main.{{ident .Name}}.{{ident .Column}} is {{literal .Text}}
