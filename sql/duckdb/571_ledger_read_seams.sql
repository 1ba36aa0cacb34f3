-- grain:   one row per day, source and feature
-- inputs:  ledger.seam_days
-- params:  $from TIMESTAMP, $to TIMESTAMP
-- output:  day           BIGINT   days from 1970-01-01
--          source        VARCHAR
--          feature       VARCHAR
--          rows .. ambiguous  BIGINT
select
    seam_days.day - date '1970-01-01' as day,
    seam_days.source,
    seam_days.feature,
    seam_days."rows",
    seam_days.agree,
    seam_days.null_rows,
    seam_days.default_rows,
    seam_days.differs,
    seam_days.ambiguous
from ledger.main.seam_days
where seam_days.day >= $from::date
    and seam_days.day < $to::date
order by seam_days.day, seam_days.source, seam_days.feature
