-- grain:   one row per row of stg_predictions that has a day
-- inputs:  stg_predictions, int_elsewhere
-- params:  none
-- output:  row_no   BIGINT   rowid in stg_predictions
--          day      DATE
--          chosen   BOOLEAN  the delivery of its id that counts; false too for a row that is set aside
--          invalid  BOOLEAN
--          repeats  BIGINT   valid deliveries of the id, wherever in the files they are
-- Deliveries of one id are ordered by known_at, then `at`, then by what they say, so that the choice never depends on
-- the order of rows in a file.
create or replace temp table int_deliveries as
with every_delivery as (
    select
        stg_predictions.rowid as row_no,
        stg_predictions.prediction_id,
        stg_predictions.known_at,
        stg_predictions.predicted_at,
        stg_predictions.score,
        stg_predictions.version,
        stg_predictions.features_at,
        stg_predictions.weight,
        stg_predictions.schema_id,
        {{range .Segments}}stg_predictions.s_{{num .Index}},
        {{end}}{{range .OutcomeKeys}}stg_predictions.o_{{num .Index}},
        {{end}}{{range .Keys}}stg_predictions.k_{{num .Index}},
        {{end}}{{range .Features}}stg_predictions.f_{{num .Index}},
        {{if .ServedAt.Column}}stg_predictions.fa_{{num .Index}},
        {{end}}{{if .ServedRows}}stg_predictions.fr_{{num .Index}},
        {{end}}{{end}}{{range .Joins}}{{if .ServedAt.Column}}stg_predictions.ja_{{num .Index}},
        {{end}}{{if .ServedRows}}stg_predictions.jr_{{num .Index}},
        {{end}}{{end}}
    from stg_predictions
    where stg_predictions.valid and stg_predictions.day is not null
    union all by name
    select
        null::bigint as row_no,
        int_elsewhere.prediction_id,
        int_elsewhere.known_at,
        int_elsewhere.predicted_at,
    from int_elsewhere
),

ranked as (
    select
        row_no,
        row_number() over (
            partition by prediction_id
            order by
                known_at {{if .Latest}}desc{{end}},
                predicted_at {{if .Latest}}desc{{end}},
                score,
                version,
                features_at,
                weight,
                schema_id,
                {{range .Segments}}s_{{num .Index}},
                {{end}}{{range .OutcomeKeys}}o_{{num .Index}},
                {{end}}{{range .Keys}}k_{{num .Index}},
                {{end}}{{range .Features}}f_{{num .Index}},
                {{if .ServedAt.Column}}fa_{{num .Index}},
                {{end}}{{if .ServedRows}}fr_{{num .Index}},
                {{end}}{{end}}{{range .Joins}}{{if .ServedAt.Column}}ja_{{num .Index}},
                {{end}}{{if .ServedRows}}jr_{{num .Index}},
                {{end}}{{end}}row_no
        ) as place,
        count(*) over (partition by prediction_id) as repeats,
    from every_delivery
)

select
    stg_predictions.rowid as row_no,
    stg_predictions.day,
    coalesce(ranked.place = 1, false) as chosen,
    not stg_predictions.valid as invalid,
    coalesce(ranked.repeats, 0) as repeats,
from stg_predictions
left join ranked on ranked.row_no = stg_predictions.rowid
where stg_predictions.day is not null
