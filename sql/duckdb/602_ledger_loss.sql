-- grain:   one row at most: the loss that the ledger's newest evaluation is told in
-- inputs:  ledger.evaluations
-- params:  none
-- output:  loss  VARCHAR
select json_extract_string(evaluations.findings_json, '$.loss.name') as loss
from ledger.main.evaluations
order by evaluations.boundary desc
limit 1
