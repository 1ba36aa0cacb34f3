-- grain:   one row per suspect that a winner of its day reproduces
-- inputs:  int_trials_<feature>, in_hypotheses
-- params:  none
-- output:  row_no  BIGINT
--          code    USMALLINT  level code of the cause
--          h       BIGINT     the winner
create or replace temp table int_labels_{{num .Feature}} as
select
    int_trials_{{num .Feature}}.row_no,
    in_hypotheses.code,
    in_hypotheses.h,
from int_trials_{{num .Feature}}
join in_hypotheses on in_hypotheses.h = int_trials_{{num .Feature}}.h and in_hypotheses.day = int_trials_{{num .Feature}}.day
where int_trials_{{num .Feature}}.hits
qualify row_number() over (partition by int_trials_{{num .Feature}}.row_no order by in_hypotheses.place, in_hypotheses.h) = 1
