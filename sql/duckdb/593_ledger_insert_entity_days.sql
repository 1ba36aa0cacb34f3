-- grain:   one row per day, age and group of entities
-- inputs:  out_entities
-- params:  none
-- output:  rows of ledger.entity_days
insert into ledger.main.entity_days by name
select
    out_entities.day,
    out_entities.age,
    out_entities.entity_group,
    out_entities.weight,
    out_entities.loss
from out_entities
order by out_entities.day, out_entities.age, out_entities.entity_group
