-- grain:   one row per UTC day and hypothesis that reproduces a suspect of that day
-- inputs:  int_trials_<feature>
-- params:  none
-- output:  day      DATE
--          h        BIGINT
--          counted  BIGINT  sampled suspects on which it says something other than the declaration
--          hits     BIGINT  of these, those that were served just that
select
    int_trials_{{num .Feature}}.day,
    int_trials_{{num .Feature}}.h,
    count(*) as counted,
    count(*) filter (where int_trials_{{num .Feature}}.hits) as hits,
from int_trials_{{num .Feature}}
group by int_trials_{{num .Feature}}.day, int_trials_{{num .Feature}}.h
having count(*) filter (where int_trials_{{num .Feature}}.hits) > 0
order by int_trials_{{num .Feature}}.day, int_trials_{{num .Feature}}.h
