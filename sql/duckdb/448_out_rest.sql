-- grain:   one row per UTC day and hypothesis that reproduces a suspect which the day's finalist so far does not
-- inputs:  int_trials_<feature>, in_finalists
-- params:  none
-- output:  day   DATE
--          h     BIGINT
--          hits  BIGINT  such suspects
with taken as (
    select int_trials_{{num .Feature}}.row_no
    from int_trials_{{num .Feature}}
    join in_finalists on in_finalists.day = int_trials_{{num .Feature}}.day and in_finalists.h = int_trials_{{num .Feature}}.h
    where int_trials_{{num .Feature}}.hits
)

select
    int_trials_{{num .Feature}}.day,
    int_trials_{{num .Feature}}.h,
    count(*) as hits,
from int_trials_{{num .Feature}}
anti join taken on taken.row_no = int_trials_{{num .Feature}}.row_no
where int_trials_{{num .Feature}}.hits
group by int_trials_{{num .Feature}}.day, int_trials_{{num .Feature}}.h
order by int_trials_{{num .Feature}}.day, int_trials_{{num .Feature}}.h
