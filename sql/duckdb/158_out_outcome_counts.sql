-- grain:   one row per UTC day on which an outcome happened, whichever days are taken in
-- inputs:  int_outcome_keys, stg_predictions, int_keys_elsewhere
-- params:  none
-- output:  day         DATE
--          repeated    BIGINT  outcome rows
--          corrected, duplicated, withdrawn, orphans   BIGINT   outcome keys
create or replace temp table out_outcome_counts as
with predicted_keys as (
    select distinct {{template "keys" .OutcomeKeys}}
    from stg_predictions
    where day is not null and known_at is not null
    union
    select {{template "keys" .OutcomeKeys}}
    from int_keys_elsewhere
)

select
    int_outcome_keys.day,
    cast(sum(int_outcome_keys.repeated_rows) as bigint) as repeated,
    count(*) filter (where int_outcome_keys.corrected) as corrected,
    count(*) filter (where int_outcome_keys.duplicated) as duplicated,
    count(*) filter (where int_outcome_keys.withdrawn) as withdrawn,
    count(*) filter (where predicted_keys.o_0 is null) as orphans,
from int_outcome_keys
left join predicted_keys on {{range $i, $k := .OutcomeKeys}}{{if $i}} and {{end}}predicted_keys.o_{{num $k.Index}} = int_outcome_keys.o_{{num $k.Index}}{{end}}
group by int_outcome_keys.day
