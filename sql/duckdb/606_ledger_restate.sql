-- grain:   none: says of all that a table of the ledger holds that it holds as of a later instant too
-- inputs:  ledger
-- params:  $as_of TIMESTAMP (UTC)
-- output:  none
update ledger.main.{{ident .Table}}
set as_of = $as_of::timestamp
where as_of < $as_of::timestamp
