-- grain:   one row per UTC day and set of finalists that reproduce, and that count on, the same sampled suspects
-- inputs:  int_suspects_<feature>, int_trials_<feature>, in_finalists
-- params:  $sample BIGINT  suspects of a day that were tried; $first_day, $end_day DATE (excluded)
-- output:  day      DATE
--          hits     UBIGINT  the bits of the finalists that reproduce them
--          counted  UBIGINT  the bits of those that say something other than the declaration
--          "rows"   BIGINT   suspects
with masks as (
    select
        int_trials_{{num .Feature}}.row_no,
        bit_or(case when int_trials_{{num .Feature}}.hits then 1::ubigint << in_finalists.bit else 0::ubigint end) as hits,
        bit_or(1::ubigint << in_finalists.bit) as counted,
    from int_trials_{{num .Feature}}
    join in_finalists on in_finalists.day = int_trials_{{num .Feature}}.day and in_finalists.h = int_trials_{{num .Feature}}.h
    group by int_trials_{{num .Feature}}.row_no
)

select
    suspects.day,
    coalesce(masks.hits, 0) as hits,
    coalesce(masks.counted, 0) as counted,
    count(*) as "rows",
from int_suspects_{{num .Feature}} as suspects
left join masks on masks.row_no = suspects.row_no
where suspects.day >= $first_day::date and suspects.day < $end_day::date and suspects.place <= $sample::bigint
group by suspects.day, coalesce(masks.hits, 0), coalesce(masks.counted, 0)
order by suspects.day, hits, counted
