-- grain:   one row per shown suspect: of each UTC day and cause that suspects are named by, the first few in the sample's order
-- inputs:  int_suspects_<feature>, stg_predictions, int_labels_<feature>, int_trials_<feature>
-- params:  $most BIGINT  suspects of a day and cause; $width BIGINT  characters of a text, the rest is cut off
-- output:  day            DATE
--          code           USMALLINT  level code of the cause; 3: none
--          place          BIGINT     the suspect's, in its day
--          prediction_id  VARCHAR
--          key_text       VARCHAR    values of the keys that the source is joined by, with commas between
--          features_at    TIMESTAMP
--          declared, served   VARCHAR   the replay as declared, and what was served; NULL where that is null
--          h              BIGINT     the hypothesis that reproduces it; NULL for none
--          replayed       VARCHAR    what that gives
with shown as (
    select
        suspects.row_no,
        suspects.day,
        coalesce({{if .Labelled}}int_labels_{{num .Feature}}.code{{else}}null{{end}}, 3)::usmallint as code,
        suspects.place,
        suspects.features_at,
        concat_ws(', ', {{range .Keys}}coalesce(cast(suspects.p_{{num .}} as varchar), 'null'), {{end}}null) as key_text,
        cast(suspects.declared as varchar) as declared,
        cast(suspects.served as varchar) as served,
        {{if .Labelled}}int_labels_{{num .Feature}}.h{{else}}null::bigint{{end}} as h,
    from int_suspects_{{num .Feature}} as suspects
    {{if .Labelled}}left join int_labels_{{num .Feature}} on int_labels_{{num .Feature}}.row_no = suspects.row_no
    {{end}}qualify row_number() over (partition by suspects.day, code order by suspects.place) <= $most::bigint
)

select
    shown.day,
    shown.code,
    shown.place,
    left(stg_predictions.prediction_id, $width::bigint) as prediction_id,
    left(shown.key_text, $width::bigint) as key_text,
    shown.features_at,
    left(shown.declared, $width::bigint) as declared,
    left(shown.served, $width::bigint) as served,
    shown.h,
    {{if .Labelled}}left(cast(int_trials_{{num .Feature}}.value as varchar), $width::bigint){{else}}null::varchar{{end}} as replayed,
from shown
join stg_predictions on stg_predictions.rowid = shown.row_no
{{if .Labelled}}left join int_trials_{{num .Feature}} on int_trials_{{num .Feature}}.row_no = shown.row_no and int_trials_{{num .Feature}}.h = shown.h
{{end}}order by shown.day, shown.code, shown.place
