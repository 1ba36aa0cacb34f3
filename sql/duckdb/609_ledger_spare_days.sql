-- grain:   none: takes days that are not to be put out of a table in which a run hands days over
-- inputs:  out_counts and the other tables that are handed over
-- params:  $days VARCHAR[] (dates)
-- output:  none
delete from {{ident .Table}}
where day in (select cast(unnest($days::varchar[]) as date))
