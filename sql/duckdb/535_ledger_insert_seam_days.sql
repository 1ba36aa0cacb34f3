-- grain:   one row per day, source and feature
-- inputs:  out_seams
-- params:  none
-- output:  rows of ledger.seam_days
insert into ledger.main.seam_days by name
select
    out_seams.day,
    out_seams.source,
    out_seams.feature,
    out_seams."rows",
    out_seams.agree,
    out_seams.null_rows,
    out_seams.default_rows,
    out_seams.differs,
    out_seams.ambiguous
from out_seams
order by out_seams.day, out_seams.source, out_seams.feature
