-- grain:   one row
-- inputs:  ledger.evaluations
-- params:  none
-- output:  boundary  BIGINT  days from 1970-01-01: the last evaluation; NULL where there is none
select max(evaluations.boundary) - date '1970-01-01' as boundary
from ledger.main.evaluations
