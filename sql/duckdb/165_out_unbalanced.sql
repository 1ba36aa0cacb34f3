-- grain:   one row per UTC day whose predictions are not each counted once
-- inputs:  out_counts
-- params:  none
-- output:  day          DATE
--          predictions  BIGINT
--          parts        BIGINT  invalid + superseded + hindsight + matched + pending + missing
select
    out_counts.day,
    out_counts.predictions,
    out_counts.invalid + out_counts.superseded + out_counts.hindsight + out_counts.matched + out_counts.pending + out_counts.missing as parts,
from out_counts
where out_counts.predictions <> out_counts.invalid + out_counts.superseded + out_counts.hindsight + out_counts.matched + out_counts.pending + out_counts.missing
order by out_counts.day
