-- grain:   one row per valid delivery outside the range that was read, of an id that is inside it
-- inputs:  the prediction files, stg_predictions
-- params:  $paths VARCHAR[], $read_from TIMESTAMP, $read_to TIMESTAMP, $as_of TIMESTAMP (UTC)
-- output:  prediction_id  VARCHAR
--          predicted_at   TIMESTAMP
--          known_at       TIMESTAMP
create or replace temp table int_elsewhere as
select
    delivered.prediction_id,
    delivered.predicted_at,
    delivered.known_at,
from (
    select
        cast({{ident .ID}} as varchar) as prediction_id,
        {{utc .At}} as predicted_at,
        {{if .KnownAt.Column}}{{utc .KnownAt}}{{else}}{{utc .At}}{{end}} as known_at,
        cast({{ident .Score}} as double) as score,
        {{if .Weight}}cast({{ident .Weight}} as double){{else}}1.0::double{{end}} as weight,
    from {{template "read" .Read}}
) as delivered
where (delivered.predicted_at < $read_from::timestamp or delivered.predicted_at >= $read_to::timestamp)
    and delivered.known_at <= $as_of::timestamp
    and {{template "sound" .}}
    and delivered.prediction_id in (select stg_predictions.prediction_id from stg_predictions)
