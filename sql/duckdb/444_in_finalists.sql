-- grain:   one row per UTC day and hypothesis that is looked at closely
-- inputs:  none
-- params:  $day VARCHAR[], $h BIGINT[], $bit BIGINT[]   one entry each
-- output:  day  DATE
--          h    BIGINT
--          bit  BIGINT  its place in the day's patterns
create or replace temp table in_finalists as
with listed as (
    select
        unnest($day::varchar[]) as day,
        unnest($h::bigint[]) as h,
        unnest($bit::bigint[]) as bit,
)

select
    cast(listed.day as date) as day,
    listed.h,
    listed.bit,
from listed
