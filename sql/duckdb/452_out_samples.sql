-- grain:   one row per shown suspect and finalist that says something other than the declaration on it, at least one per suspect.
--          Shown are, of each UTC day and cause that suspects are named by, the first few in the sample's order
-- inputs:  int_suspects_<feature>, stg_predictions, int_trials_<feature>, in_finalists
-- params:  $day VARCHAR[], $h BIGINT[], $rank BIGINT[], $code BIGINT[]   the winners of the days: the first that reproduces a suspect
--          names it; $sample BIGINT  suspects of a day that were tried; $first_day, $end_day DATE (excluded); $most BIGINT  suspects
--          of a day and cause; $width BIGINT  characters of a text, the rest is cut off
-- output:  day            DATE
--          code           BIGINT     level code of the cause; 3: none
--          place          BIGINT     the suspect's, in its day
--          prediction_id  VARCHAR
--          key_text       VARCHAR    values of the keys that the source is joined by, with commas between
--          features_at    TIMESTAMP
--          declared, served   VARCHAR   the replay as declared, and what was served; NULL where that is null
--          bit            BIGINT     of the finalist; NULL for none
--          replayed       VARCHAR    what it gives; NULL where that is null
--          hits           BOOLEAN    that is what was served
with {{if .Tried}}winners as (
    select
        unnest($day::varchar[]) as day,
        unnest($h::bigint[]) as h,
        unnest($rank::bigint[]) as rank,
        unnest($code::bigint[]) as code,
),

named as (
    select int_trials_{{num .Feature}}.row_no, winners.code
    from int_trials_{{num .Feature}}
    join winners on cast(winners.day as date) = int_trials_{{num .Feature}}.day and winners.h = int_trials_{{num .Feature}}.h
    where int_trials_{{num .Feature}}.hits
    qualify row_number() over (partition by int_trials_{{num .Feature}}.row_no order by winners.rank, winners.h) = 1
),

said as (
    select
        int_trials_{{num .Feature}}.row_no,
        in_finalists.bit,
        int_trials_{{num .Feature}}.value,
        int_trials_{{num .Feature}}.hits,
    from int_trials_{{num .Feature}}
    join in_finalists on in_finalists.day = int_trials_{{num .Feature}}.day and in_finalists.h = int_trials_{{num .Feature}}.h
),

{{end}}shown as (
    select
        suspects.row_no,
        suspects.day,
        {{if .Tried}}coalesce(named.code, 3){{else}}3{{end}} as code,
        suspects.place,
        suspects.features_at,
        concat_ws(', ', {{range .Keys}}coalesce(cast(suspects.p_{{num .}} as varchar), 'null'), {{end}}null) as key_text,
        cast(suspects.declared as varchar) as declared,
        cast(suspects.served as varchar) as served,
    from int_suspects_{{num .Feature}} as suspects
    {{if .Tried}}left join named on named.row_no = suspects.row_no
    {{end}}where suspects.day >= $first_day::date and suspects.day < $end_day::date and suspects.place <= $sample::bigint
    qualify row_number() over (partition by suspects.day, {{if .Tried}}coalesce(named.code, 3){{else}}3{{end}} order by suspects.place) <= $most::bigint
)

select
    shown.day,
    shown.code::bigint as code,
    shown.place,
    left(stg_predictions.prediction_id, $width::bigint) as prediction_id,
    left(shown.key_text, $width::bigint) as key_text,
    shown.features_at,
    left(shown.declared, $width::bigint) as declared,
    left(shown.served, $width::bigint) as served,
    {{if .Tried}}said.bit,
    left(cast(said.value as varchar), $width::bigint) as replayed,
    coalesce(said.hits, false) as hits,
    {{else}}null::bigint as bit,
    null::varchar as replayed,
    false as hits,
    {{end}}
from shown
join stg_predictions on stg_predictions.rowid = shown.row_no
{{if .Tried}}left join said on said.row_no = shown.row_no
{{end}}order by shown.day, shown.code, shown.place{{if .Tried}}, said.bit{{end}}
