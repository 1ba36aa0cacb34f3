-- grain:   none: gives days that are handed over the counts of outcomes that the ledger has of them
-- inputs:  ledger.days, out_counts
-- params:  $days VARCHAR[] (dates)
-- output:  none
update out_counts
set
    repeated = held.repeated,
    corrected = held.corrected,
    duplicated = held.duplicated,
    withdrawn = held.withdrawn,
    orphans = held.orphans
from ledger.main.days as held
where held.day = out_counts.day
    and out_counts.day in (select cast(unnest($days::varchar[]) as date))
