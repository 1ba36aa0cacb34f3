-- grain:   one row per prediction and repair of it
-- inputs:  int_fingerprints, in_repairs
-- params:  none
-- output:  row_no     BIGINT
--          version    VARCHAR
--          mask, coalition, mend   BIGINT  as in in_repairs
create or replace temp table int_repair_rows as
select
    int_fingerprints.row_no,
    int_fingerprints.version,
    in_repairs.mask,
    in_repairs.coalition,
    in_repairs.mend,
from int_fingerprints
join in_repairs
    on in_repairs.fingerprint = cast(int_fingerprints.fingerprint as varchar)
    and int_fingerprints.day >= in_repairs.first_day and int_fingerprints.day < in_repairs.end_day
