-- grain:   one row per model version of predictions of which features are put right
-- inputs:  int_repair_rows
-- params:  none
-- output:  version   VARCHAR
select distinct int_repair_rows.version
from int_repair_rows
where int_repair_rows.coalition >= 0
order by int_repair_rows.version
