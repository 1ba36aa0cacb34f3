-- grain:   one row per day whose counts of outcomes by the day of their event are others by now
-- inputs:  ledger.days, out_outcome_counts
-- params:  none
-- output:  day    BIGINT   days from 1970-01-01
--          fewer  BIGINT   of those that only grow, how many have become fewer
select
    days.day - date '1970-01-01' as day,
    (fresh.repeated < days.repeated)::bigint + (fresh.corrected < days.corrected)::bigint
    + (fresh.duplicated < days.duplicated)::bigint + (fresh.withdrawn < days.withdrawn)::bigint as fewer,
from ledger.main.days
inner join out_outcome_counts as fresh on fresh.day = days.day
where (days.repeated, days.corrected, days.duplicated, days.withdrawn, days.orphans)
    is distinct from (fresh.repeated, fresh.corrected, fresh.duplicated, fresh.withdrawn, fresh.orphans)
order by days.day
