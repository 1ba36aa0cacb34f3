-- grain:   one row per boundary of a range
-- inputs:  ledger.evaluations
-- params:  $from TIMESTAMP, $to TIMESTAMP
-- output:  boundary       BIGINT   days from 1970-01-01
--          findings_json  VARCHAR
select
    evaluations.boundary - date '1970-01-01' as boundary,
    evaluations.findings_json
from ledger.main.evaluations
where evaluations.boundary >= $from::date and evaluations.boundary < $to::date
order by evaluations.boundary
