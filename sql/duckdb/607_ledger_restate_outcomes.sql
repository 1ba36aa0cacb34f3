-- grain:   none: brings the counts of outcomes by the day of their event up to date, of the days from the first one on
-- inputs:  ledger, out_outcome_counts
-- params:  $first_day DATE
-- output:  none
update ledger.main.days
set
    repeated = fresh.repeated,
    corrected = fresh.corrected,
    duplicated = fresh.duplicated,
    withdrawn = fresh.withdrawn,
    orphans = fresh.orphans
from (
    select
        held.day,
        coalesce(counted.repeated, 0) as repeated,
        coalesce(counted.corrected, 0) as corrected,
        coalesce(counted.duplicated, 0) as duplicated,
        coalesce(counted.withdrawn, 0) as withdrawn,
        coalesce(counted.orphans, 0) as orphans,
    from ledger.main.days as held
    left join out_outcome_counts as counted on counted.day = held.day
    where held.day >= $first_day::date
) as fresh
where fresh.day = days.day
    and (days.repeated, days.corrected, days.duplicated, days.withdrawn, days.orphans)
    <> (fresh.repeated, fresh.corrected, fresh.duplicated, fresh.withdrawn, fresh.orphans)
