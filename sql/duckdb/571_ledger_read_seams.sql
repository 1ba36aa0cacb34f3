-- grain:   one row per source and feature, summed over some days
-- inputs:  ledger.seam_days
-- params:  $days VARCHAR[]
-- output:  source        VARCHAR
--          feature       VARCHAR
--          rows .. ambiguous  BIGINT
select
    seam_days.source,
    seam_days.feature,
    sum(seam_days."rows")::bigint as "rows",
    sum(seam_days.agree)::bigint as agree,
    sum(seam_days.null_rows)::bigint as null_rows,
    sum(seam_days.default_rows)::bigint as default_rows,
    sum(seam_days.differs)::bigint as differs,
    sum(seam_days.ambiguous)::bigint as ambiguous
from ledger.main.seam_days
where seam_days.day in (select unnest($days::varchar[])::date)
group by seam_days.source, seam_days.feature
order by seam_days.source, seam_days.feature
