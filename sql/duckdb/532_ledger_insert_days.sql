-- grain:   one row per day
-- inputs:  out_counts, out_domain_digests
-- params:  $as_of TIMESTAMP (UTC), $layout_id VARCHAR, $segment_names VARCHAR[]
-- output:  rows of ledger.days
insert into ledger.main.days by name
select
    out_counts.day,
    $as_of::timestamp as as_of,
    out_counts.closed,
    $layout_id::varchar as layout_id,
    $segment_names::varchar[] as segment_names,
    out_domain_digests.domain_digest,
    out_counts.predictions,
    out_counts.invalid,
    out_counts.superseded,
    out_counts.hindsight,
    out_counts.matched,
    out_counts.pending,
    out_counts.missing,
    out_counts.late,
    out_counts.repeated,
    out_counts.corrected,
    out_counts.duplicated,
    out_counts.withdrawn,
    out_counts.orphans
from out_counts
left join out_domain_digests on out_domain_digests.day = out_counts.day
order by out_counts.day
