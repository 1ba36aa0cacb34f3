-- grain:   one row per feature that is put right of a prediction that a finding hits, and mend
-- inputs:  int_hits, in_coalitions
-- params:  none
-- output:  feature  BIGINT
--          mend     BIGINT  by which it is replayed; 0: as declared
select distinct in_coalitions.feature, in_coalitions.mend
from int_hits
join in_coalitions on in_coalitions.coalition = int_hits.coalition
order by in_coalitions.feature, in_coalitions.mend
