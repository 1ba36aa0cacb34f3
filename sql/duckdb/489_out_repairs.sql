-- grain:   one row per day, version, segments, fingerprint, repair and age
-- inputs:  stg_predictions, int_matched, int_outcome_versions, int_mended_versions, int_fingerprints, int_repaired
-- params:  none
-- output:  day      DATE
--          version  VARCHAR
--          segments, fingerprint  VARCHAR  lists, as JSON and as text
--          mask     BIGINT
--          age      SMALLINT  as in out_cells
--          loss     VARCHAR   sum of the repaired predictions' losses, in units
--          expected  VARCHAR  at age -1: what is expected to be saved, in units
--          moved    VARCHAR   at age -1: sum of the squares of the shifts of the links
--          "rows", "values", outside  BIGINT  at age -1: repaired predictions, and sums of int_repaired's
with {{template "outcome_sides" .}},

facts as (
    select
        int_repaired.row_no,
        int_repaired.mask,
        (-1)::smallint as age,
        0::decimal(38, 9) as loss,
        cast(stg_predictions.weight * ({{template "expected" .}}) as decimal(38, 9)) as expected,
        cast(least(int_repaired.shift * int_repaired.shift, 1e12) as decimal(38, 9)) as moved,
        int_repaired."values",
        int_repaired.outside,
    from int_repaired
    join stg_predictions on stg_predictions.rowid = int_repaired.row_no
    union all
    select row_no, mask, age, sign * cast(weight * loss as decimal(38, 9)) as loss, 0 as expected, 0 as moved, 0 as "values", 0 as outside
    from priced
)

select
    int_fingerprints.day,
    int_fingerprints.version,
    cast(to_json(int_fingerprints.segments) as varchar) as segments,
    cast(int_fingerprints.fingerprint as varchar) as fingerprint,
    facts.mask,
    facts.age,
    cast(cast(sum(facts.loss) as decimal(38, 9)) as varchar) as loss,
    cast(cast(sum(facts.expected) as decimal(38, 9)) as varchar) as expected,
    cast(cast(sum(facts.moved) as decimal(38, 9)) as varchar) as moved,
    count(*) filter (where facts.age < 0) as "rows",
    cast(sum(facts."values") as bigint) as "values",
    cast(sum(facts.outside) as bigint) as outside,
from facts
join int_fingerprints on int_fingerprints.row_no = facts.row_no
group by int_fingerprints.day, int_fingerprints.version, int_fingerprints.segments, int_fingerprints.fingerprint, facts.mask, facts.age
order by int_fingerprints.day, int_fingerprints.version, segments, fingerprint, facts.mask, facts.age
