-- grain:   one row per contrast and matched prediction of it
-- inputs:  stg_predictions, int_values, int_replayed, int_matched, int_fingerprints, in_contrasts
-- params:  $day VARCHAR[]  the days of the predictions
-- output:  contrast  BIGINT
--          affected  BOOLEAN
--          day       DATE
--          version, segments  VARCHAR  segments as JSON
--          weight    DECIMAL(38,9)
--          x_<i>     DOUBLE or VARCHAR  feature i as it should have been served: as replayed, where it has a source; NULL where there is none, or
--                    no number to reckon with
create or replace temp table int_compared as
select
    in_contrasts.contrast,
    in_contrasts.affected,
    int_fingerprints.day,
    int_fingerprints.version,
    cast(to_json(int_fingerprints.segments) as varchar) as segments,
    cast(stg_predictions.weight as decimal(38, 9)) as weight,
    {{range .Features}}{{template "fitted" .AsReplayed}} as x_{{num .Index}},
    {{end}}
from int_fingerprints
join in_contrasts on in_contrasts.fingerprint = cast(int_fingerprints.fingerprint as varchar)
semi join (select cast(unnest($day::varchar[]) as date) as day) as days on days.day = int_fingerprints.day
semi join (select * from int_matched where state = 'matched' and timely) as known on known.row_no = int_fingerprints.row_no
join stg_predictions on stg_predictions.rowid = int_fingerprints.row_no
join int_values on int_values.row_no = int_fingerprints.row_no
join int_replayed on int_replayed.row_no = int_fingerprints.row_no
