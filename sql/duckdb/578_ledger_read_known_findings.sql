-- grain:   one row per finding that any evaluation holds
-- inputs:  ledger.finding_rows
-- params:  none
-- output:  id        VARCHAR
--          cause     VARCHAR
--          node      VARCHAR
--          boundary  BIGINT   days from 1970-01-01: the last evaluation that holds it
select
    finding_rows.id,
    min(finding_rows.cause) as cause,
    min(finding_rows.node) as node,
    max(finding_rows.boundary) - date '1970-01-01' as boundary
from ledger.main.finding_rows
group by finding_rows.id
order by finding_rows.id
