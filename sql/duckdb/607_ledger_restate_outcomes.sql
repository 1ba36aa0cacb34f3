-- grain:   none: brings the counts of outcomes by the day of their event up to date, of some days
-- inputs:  ledger, out_outcome_counts
-- params:  $days VARCHAR[] (dates)
-- output:  none
update ledger.main.days
set
    repeated = fresh.repeated,
    corrected = fresh.corrected,
    duplicated = fresh.duplicated,
    withdrawn = fresh.withdrawn,
    orphans = fresh.orphans
from out_outcome_counts as fresh
where fresh.day = days.day
    and days.day in (select cast(unnest($days::varchar[]) as date))
