-- grain:   one row per prediction of a seeded sample, by version: of those of which a feature is contradicted by its replay or put right
--          otherwise, in turn by what is contradicted, and of the others
-- inputs:  stg_predictions, int_values, int_conditions, int_repair_rows
-- params:  $first_day, $end_day DATE (excluded)  of the predictions; $seed VARCHAR; $versions VARCHAR[]  those that are sampled; $disputed, $others BIGINT  at most so many of a version
-- output:  row_no   BIGINT
--          prediction_id  VARCHAR
--          version  VARCHAR
--          strikes  VARCHAR  the features that are contradicted, and the codes of how, and whether any is put right; '' for none
--          place    BIGINT   from 1, by version and whether anything is contradicted: the sample's order
create or replace temp table int_examples as
with judged as (
    select
        int_values.row_no,
        stg_predictions.prediction_id,
        stg_predictions.version,
        concat_ws(' '{{range .Replayed}}, case when int_conditions.c_{{num .Condition}} >= 3 then concat('{{num .Index}}:', int_conditions.c_{{num .Condition}}) end{{end}}, case when repaired.row_no is not null then 'r' end) as strikes,
    from int_values
    left join (select distinct row_no from int_repair_rows where coalition >= 0) as repaired on repaired.row_no = int_values.row_no
    join stg_predictions on stg_predictions.rowid = int_values.row_no
    join int_conditions on int_conditions.row_no = int_values.row_no
    semi join (select unnest($versions::varchar[]) as version) as sampled on sampled.version = stg_predictions.version
    where int_values.day >= $first_day::date and int_values.day < $end_day::date
),

drawn as (
    select
        row_no,
        prediction_id,
        version,
        strikes,
        row_number() over (partition by version, strikes order by sha256($seed::varchar || prediction_id), prediction_id) as draw,
    from judged
)

select
    row_no,
    prediction_id,
    version,
    strikes,
    row_number() over (partition by version, strikes <> '' order by draw, strikes, prediction_id) as place,
from drawn
qualify place <= case when strikes <> '' then $disputed::bigint else $others::bigint end
