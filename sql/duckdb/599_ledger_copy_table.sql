-- grain:   none: fills a table of the ledger with the rows of the same table of another, ordered, so that what is alike lies together and packs well
-- inputs:  ledger, old
-- params:  none
-- output:  none
insert into ledger.main.{{ident .Table}} by name
from old.main.{{ident .Table}}
{{if .Used}}where layout_id in (select days.layout_id from old.main.days)
{{end}}order by all
