-- grain:   one row per day, age and group of entities; none where no entity is declared
-- inputs:  int_fingerprints, int_outcome_events, stg_predictions
-- params:  none
-- output:  day           DATE
--          age           SMALLINT       as in int_outcome_events
--          entity_group  INTEGER        as in stg_predictions
--          weight, loss  DECIMAL(38,9)  sums
create or replace temp table out_entities as
select
    int_fingerprints.day,
    int_outcome_events.age,
    {{if .}}stg_predictions.entity_group{{else}}0::integer{{end}} as entity_group,
    cast(sum(int_outcome_events.weight) as decimal(38, 9)) as weight,
    cast(sum(int_outcome_events.loss) as decimal(38, 9)) as loss,
from int_fingerprints
join int_outcome_events on int_outcome_events.row_no = int_fingerprints.row_no
join stg_predictions on stg_predictions.rowid = int_fingerprints.row_no
{{if not .}}where false
{{end}}group by all
