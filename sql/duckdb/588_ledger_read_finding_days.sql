-- grain:   one row per day of a finding at a boundary
-- inputs:  ledger.finding_days
-- params:  $boundary TIMESTAMP, $finding VARCHAR
-- output:  day     BIGINT  days from 1970-01-01
--          "rows"  BIGINT
--          share   DOUBLE
select
    finding_days.day - date '1970-01-01' as day,
    finding_days."rows",
    finding_days.share
from ledger.main.finding_days
where finding_days.boundary = $boundary::date and finding_days.finding = $finding
order by finding_days.day
