-- grain:   none: takes the days of which the ledger holds a later state out of what a run hands over
-- inputs:  ledger, out_counts and the other tables that are handed over
-- params:  $as_of TIMESTAMP (UTC)
-- output:  none
delete from {{ident .Table}}
where day in (select days.day from ledger.main.days where days.as_of > $as_of::timestamp)
