-- grain:   one row per chosen prediction
-- inputs:  stg_predictions, int_deliveries, int_outcome_keys
-- params:  $as_of TIMESTAMP (UTC), $horizon_us BIGINT (microseconds)
-- output:  row_no         BIGINT
--          day            DATE
--          state          VARCHAR    hindsight, matched, pending or missing
--          timely         BOOLEAN    its outcome became known after it and within the horizon (a later withdrawal included)
--          late           BOOLEAN    its outcome became known after the horizon only
--          outcome        DOUBLE     that counts at as-of; NULL unless matched
--          first_known    TIMESTAMP  of its outcome; NULL while unknown
--          outcome_level  VARCHAR    none, one, corrected, duplicated or late
--          schema_id      USMALLINT  of the outcome's file; NULL while unknown
create or replace temp table int_matched as
with chosen as (
    select
        int_deliveries.row_no,
        int_deliveries.day,
        stg_predictions.predicted_at + to_microseconds($horizon_us::bigint) as until,
        stg_predictions.known_at,
        int_outcome_keys.first_known,
        int_outcome_keys.value,
        int_outcome_keys.corrected,
        int_outcome_keys.duplicated,
        int_outcome_keys.schema_id,
    from int_deliveries
    join stg_predictions on stg_predictions.rowid = int_deliveries.row_no
    left join int_outcome_keys on {{range $i, $k := .OutcomeKeys}}{{if $i}} and {{end}}int_outcome_keys.o_{{num $k.Index}} = stg_predictions.o_{{num $k.Index}}{{end}}
    where int_deliveries.chosen
),

judged as (
    select
        *,
        coalesce(first_known <= known_at, false) as hindsight,
        coalesce(first_known > known_at and first_known <= until, false) as timely,
        coalesce(first_known > known_at and first_known > until, false) as late,
    from chosen
)

select
    judged.row_no,
    judged.day,
    case
        when judged.hindsight then 'hindsight'
        when judged.timely and judged.value is not null then 'matched'
        when judged.until > $as_of::timestamp then 'pending'
        else 'missing'
    end as state,
    judged.timely,
    judged.late,
    case when judged.timely then judged.value end as outcome,
    judged.first_known,
    case
        when judged.late then 'late'
        when judged.duplicated then 'duplicated'
        when judged.corrected then 'corrected'
        when judged.timely then 'one'
        else 'none'
    end as outcome_level,
    case when judged.timely then judged.schema_id end as schema_id,
from judged
