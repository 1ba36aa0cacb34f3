-- grain:   one row per UTC day on which rows of the source became known, and text that value i holds, the 200 most frequent of
--          the day
-- inputs:  stg_source_<source>
-- params:  none
-- output:  day     DATE
--          value   VARCHAR
--          "rows"  BIGINT   first versions
with counted as (
    select day, v_{{num .Value}} as value, count(*) as "rows"
    from {{template "source_news" .}} as news
    where news and v_{{num .Value}} is not null
    group by day, v_{{num .Value}}
)

select
    counted.day,
    counted.value,
    counted."rows",
from counted
qualify row_number() over (partition by counted.day order by counted."rows" desc, counted.value) <= 200
order by counted.day, counted.value
