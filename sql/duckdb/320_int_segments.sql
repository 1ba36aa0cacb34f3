-- grain:   one row per UTC day and value of a segment column that is among the day's 200 most frequent
-- inputs:  stg_predictions, int_replayed
-- params:  none
-- output:  day    DATE
--          value  VARCHAR
create or replace temp table int_segments_{{num .}} as
select
    int_replayed.day,
    stg_predictions.s_{{num .}} as value,
from int_replayed
join stg_predictions on stg_predictions.rowid = int_replayed.row_no
group by int_replayed.day, stg_predictions.s_{{num .}}
qualify row_number() over (partition by int_replayed.day order by count(*) desc, stg_predictions.s_{{num .}}) <= 200
