-- grain:   one row per outcome key and instant at which rows of it became known
-- inputs:  stg_outcomes
-- params:  none
-- output:  o_<i>        outcome key columns
--          known_at     TIMESTAMP
--          value        DOUBLE     NULL where every row of the instant says "not known"
--          conflict     BOOLEAN    the instant's rows hold several different values
--          value_rows   BIGINT     rows with a value
--          event_at     TIMESTAMP  earliest event time of them
--          schema_id    USMALLINT
create or replace temp table int_outcome_instants as
select
    {{range .OutcomeKeys}}stg_outcomes.o_{{num .Index}},
    {{end}}stg_outcomes.known_at,
    min(stg_outcomes.value) as value,
    coalesce(min(stg_outcomes.value) <> max(stg_outcomes.value), false) as conflict,
    count(stg_outcomes.value) as value_rows,
    min(stg_outcomes.event_at) filter (where stg_outcomes.value is not null) as event_at,
    max(stg_outcomes.schema_id) as schema_id,
from stg_outcomes
where stg_outcomes.valid
group by {{range .OutcomeKeys}}stg_outcomes.o_{{num .Index}}, {{end}}stg_outcomes.known_at
