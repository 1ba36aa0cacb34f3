-- grain:   none: forgets the row-level files of some days
-- inputs:  ledger
-- params:  $days VARCHAR[]
-- output:  none
delete from ledger.main.row_files
where day in (select unnest($days::varchar[])::date)
