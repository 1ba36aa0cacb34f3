-- grain:   none: forgets the row-level files of days that are too old
-- inputs:  ledger
-- params:  $days BIGINT  that are kept, up to the newest day of the ledger
-- output:  none
delete from ledger.main.row_files
where day <= (select max(days.day) from ledger.main.days) - $days::integer
