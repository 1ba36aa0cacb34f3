-- grain:   none: takes out of evaluations which run made them: they are judged anew by later ones
-- inputs:  ledger.evaluations
-- params:  none
-- output:  none
alter table ledger.main.evaluations drop column if exists run_id
