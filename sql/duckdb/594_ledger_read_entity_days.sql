-- grain:   one row per day, age and group of entities
-- inputs:  ledger.entity_days
-- params:  $from TIMESTAMP, $to TIMESTAMP
-- output:  day           BIGINT    days from 1970-01-01
--          age           SMALLINT
--          entity_group  INTEGER
--          weight        VARCHAR   a decimal
--          loss          VARCHAR   a decimal
select
    entity_days.day - date '1970-01-01' as day,
    entity_days.age,
    entity_days.entity_group,
    entity_days.weight::varchar as weight,
    entity_days.loss::varchar as loss
from ledger.main.entity_days
where entity_days.day >= $from::date
    and entity_days.day < $to::date
order by entity_days.day, entity_days.age, entity_days.entity_group
