-- grain:   one row per place of a finding at a boundary
-- inputs:  ledger.proof_rows
-- params:  $boundary TIMESTAMP, $finding VARCHAR
-- output:  prediction_id  VARCHAR
--          key            VARCHAR
--          instant        TIMESTAMP
--          feature        VARCHAR
--          declared       VARCHAR
--          served         VARCHAR
--          replayed       VARCHAR
--          hypothesis     VARCHAR
select
    proof_rows.prediction_id,
    proof_rows.key,
    proof_rows.instant,
    proof_rows.feature,
    proof_rows.declared,
    proof_rows.served,
    proof_rows.replayed,
    proof_rows.hypothesis
from ledger.main.proof_rows
where proof_rows.boundary = $boundary::date and proof_rows.finding = $finding
order by proof_rows.place
