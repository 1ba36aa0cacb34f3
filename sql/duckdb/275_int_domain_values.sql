-- grain:   one row per UTC day and category of a text feature
-- inputs:  stg_predictions, int_deliveries
-- params:  none
-- output:  day    DATE
--          value  VARCHAR
--          seen   BOOLEAN  it occurs in the 28 days before
create or replace temp table int_domain_values_{{num .}} as
with daily as (
    select distinct int_deliveries.day, stg_predictions.f_{{num .}} as value
    from int_deliveries
    join stg_predictions on stg_predictions.rowid = int_deliveries.row_no
    where int_deliveries.chosen and stg_predictions.f_{{num .}} is not null
)

select
    daily.day,
    daily.value,
    coalesce(lag(daily.day) over (partition by daily.value order by daily.day) >= daily.day - 28, false) as seen,
from daily
