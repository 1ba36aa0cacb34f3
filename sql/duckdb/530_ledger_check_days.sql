-- grain:   one row per reason why the days that a run hands over cannot be taken in
-- inputs:  out_counts, out_domain_digests, out_cells, out_histograms, out_seams, out_staleness
-- params:  none
-- output:  reason  VARCHAR
--          day     VARCHAR  one such day; NULL where the day is NULL
with handed_over as (
    select 'out_cells' as origin, out_cells.day from out_cells
    union all
    select 'out_histograms' as origin, out_histograms.day from out_histograms
    union all
    select 'out_seams' as origin, out_seams.day from out_seams
    union all
    select 'out_staleness' as origin, out_staleness.day from out_staleness
),

reasons as (
    select
        handed_over.origin || ' holds a day that out_counts does not' as reason,
        handed_over.day
    from handed_over
    anti join out_counts on out_counts.day = handed_over.day
    union all
    select
        'out_counts holds a day twice' as reason,
        out_counts.day
    from out_counts
    group by out_counts.day
    having count(*) > 1
    union all
    select
        'out_domain_digests holds a day twice' as reason,
        out_domain_digests.day
    from out_domain_digests
    group by out_domain_digests.day
    having count(*) > 1
    union all
    select
        'the balance of predictions does not add up' as reason,
        out_counts.day
    from out_counts
    where
        out_counts.predictions is distinct from out_counts.invalid + out_counts.superseded + out_counts.hindsight
            + out_counts.matched + out_counts.pending + out_counts.missing
)

select
    reasons.reason,
    min(reasons.day)::varchar as day
from reasons
group by reasons.reason
order by reasons.reason
