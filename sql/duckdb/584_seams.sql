-- grain:   one row per day, source and feature
-- inputs:  seam_days
-- params:  none
-- output:  day              DATE     UTC day of the predictions
--          source           VARCHAR  source handed over
--          feature          VARCHAR  feature served
--          rows             BIGINT   predictions compared
--          agree_share      DOUBLE   served as replayed, 0 to 1
--          null_share       DOUBLE   served null where the replay has nothing, 0 to 1
--          default_share    DOUBLE   served the default where the replay has nothing, 0 to 1
--          differs_share    DOUBLE   served another value, 0 to 1
--          ambiguous_share  DOUBLE   the declaration leaves a tie between different values, 0 to 1
create or replace view ledger.main.seams as
select
    seam_days.day,
    seam_days.source,
    seam_days.feature,
    seam_days."rows",
    seam_days.agree / nullif(seam_days."rows", 0) as agree_share,
    seam_days.null_rows / nullif(seam_days."rows", 0) as null_share,
    seam_days.default_rows / nullif(seam_days."rows", 0) as default_share,
    seam_days.differs / nullif(seam_days."rows", 0) as differs_share,
    seam_days.ambiguous / nullif(seam_days."rows", 0) as ambiguous_share
from main.seam_days
