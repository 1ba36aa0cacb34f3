-- grain:   one row per boundary that is judged and finding of it; one with position NULL where it has none
-- inputs:  ledger.evaluations, ledger.finding_rows
-- params:  none
-- output:  boundary  BIGINT     days from 1970-01-01
--          as_of     TIMESTAMP  UTC instant as of which it is
--          position  INTEGER    place of the finding
--          cause, node, job VARCHAR
--          sources   VARCHAR    as JSON
--          features  VARCHAR    as JSON
--          onset     TIMESTAMP  UTC
--          evidence  VARCHAR    as JSON
select
    evaluations.boundary - date '1970-01-01' as boundary,
    evaluations.as_of,
    finding_rows.position,
    coalesce(finding_rows.cause, '') as cause,
    coalesce(finding_rows.node, '') as node,
    coalesce(finding_rows.job, '') as job,
    to_json(coalesce(finding_rows.sources, []))::varchar as sources,
    to_json(coalesce(finding_rows.features, []))::varchar as features,
    coalesce(finding_rows.onset, timestamp '1970-01-01') as onset,
    to_json(coalesce(finding_rows.evidence, []))::varchar as evidence,
from ledger.main.evaluations
left join ledger.main.finding_rows on finding_rows.boundary = evaluations.boundary
order by evaluations.boundary, finding_rows.position
