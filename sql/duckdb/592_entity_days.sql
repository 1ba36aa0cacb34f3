-- grain:   one row per day, age and group of entities: what intervals are widened by; none where no entity is declared
-- inputs:  none
-- params:  none
-- output:  day           DATE           UTC day of the predictions
--          age           SMALLINT       days from the end of the day until the outcome is known
--          entity_group  INTEGER        one of 64 groups, 0 to 63, that entities fall into by their digest
--          weight        DECIMAL(38,9)  rows with an outcome, weighted
--          loss          DECIMAL(38,9)  weighted sum of losses, in the loop's unit
create table ledger.main.entity_days (
    day date,
    age smallint,
    entity_group integer,
    weight decimal(38,9),
    loss decimal(38,9)
)
