-- grain:   none: forgets which files were read by runs whose days are too old
-- inputs:  ledger
-- params:  $days BIGINT  that are kept, up to the newest day of the ledger
-- output:  none
delete from ledger.main.input_files
where run_id in (
    select run_log.run_id
    from ledger.main.run_log
    where cast(run_log.interval_to as date) <= (select max(days.day) from ledger.main.days) - $days::integer
)
