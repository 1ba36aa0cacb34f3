-- grain:   one row per day and age at which outcomes of its predictions became known
-- inputs:  cells
-- params:  none
-- output:  day          DATE      UTC day of the predictions
--          age          SMALLINT  whole days from the end of the day; above 14 the end of a bucket that doubles
--          rows         BIGINT    predictions whose outcome was known by that age
--          known_share  DOUBLE    of the day's chosen predictions, 0 to 1
create or replace view ledger.main.maturity as
with ages as (
    select
        cells.day,
        cells.age,
        sum(cells."rows") as "rows",
        sum(cells.predictions) as predictions
    from main.cells
    group by cells.day, cells.age
),

known as (
    select
        ages.day,
        ages.age,
        sum(ages."rows") over (partition by ages.day order by ages.age)::bigint as "rows",
        sum(ages.predictions) over (partition by ages.day) as predictions
    from ages
)

select
    known.day,
    known.age,
    known."rows",
    (known."rows" / nullif(known.predictions, 0))::double as known_share
from known
where known.age >= 0
