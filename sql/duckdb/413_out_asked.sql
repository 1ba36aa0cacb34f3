-- grain:   one row per UTC hour in which predictions were made
-- inputs:  int_instants
-- params:  none
-- output:  hour    TIMESTAMP
--          "rows"  BIGINT
select
    date_trunc('hour', int_instants.features_at) as hour,
    count(*) as "rows",
from int_instants
where int_instants.features_at is not null
group by date_trunc('hour', int_instants.features_at)
order by hour
