-- grain:   one row per day of the ledger, of what the next run must know of it
-- inputs:  ledger.cells, ledger.seam_days
-- params:  none
-- output:  day      BIGINT   days from 1970-01-01
--          age      INTEGER  greatest age at which an outcome of it became known or changed; -1: none did
--          differs  BOOLEAN  what was served contradicts a replay
with aged as (
    select
        cells.day,
        max(cells.age) as age,
    from ledger.main.cells
    group by cells.day
),

contradicted as (
    select distinct seam_days.day
    from ledger.main.seam_days
    where seam_days.differs > 0
)

select
    days.day - date '1970-01-01' as day,
    coalesce(aged.age, -1)::integer as age,
    days.day in (select contradicted.day from contradicted) as differs,
from ledger.main.days
left join aged on aged.day = days.day
order by days.day
