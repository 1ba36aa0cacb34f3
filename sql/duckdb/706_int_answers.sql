-- grain:   one row per sampled prediction that has an outcome by the key
-- inputs:  stg_sampled_0, the outcomes' files
-- params:  $paths VARCHAR[]
-- output:  row_no    BIGINT     of the prediction
--          event_at  TIMESTAMP  first instant at which the outcome happened
--          known_at  TIMESTAMP  first instant at which it was known; event_at where no such column is named
--          o_<i>     DOUBLE or VARCHAR  value known last, of several the greatest, of an outcome's column that could be what the model foretells
create or replace temp table int_answers as
with asked as (
    select distinct {{range $n, $k := .Keys}}{{if $n}}, {{end}}k_{{num .Prediction.Index}} as key_{{num $n}}{{end}}
    from stg_sampled_0
    where {{range $n, $k := .Keys}}{{if $n}} and {{end}}k_{{num .Prediction.Index}} is not null{{end}}
),

outcomes as (
    select
        {{- range $n, $k := .Keys}}
        {{template "sampled_key" .Other}} as key_{{num $n}},
        {{- end}}
        {{- range .Values}}
        {{template "sampled_value" .}} as o_{{num .Index}},
        {{- end}}
        {{utc .At}} as event_at,
        {{if .Known.Column}}{{utc .Known}}{{else}}{{utc .At}}{{end}} as known_at,
    from {{template "read" .Read}}
),

firsts as (
    select
        {{- range $n, $k := .Keys}}
        outcomes.key_{{num $n}},
        {{- end}}
        min(outcomes.event_at) as event_at,
        min(outcomes.known_at) as known_at,
        {{- range .Values}}
        (max({'known_at': outcomes.known_at, 'o': outcomes.o_{{num .Index}}}) filter (where outcomes.o_{{num .Index}} is not null)).o as o_{{num .Index}},
        {{- end}}
    from outcomes
    join asked on {{range $n, $k := .Keys}}{{if $n}} and {{end}}outcomes.key_{{num $n}} = asked.key_{{num $n}}{{end}}
    group by all
)

select
    predictions.row_no,
    firsts.event_at,
    firsts.known_at,
    {{- range .Values}}
    firsts.o_{{num .Index}},
    {{- end}}
from stg_sampled_0 as predictions
join firsts on {{range $n, $k := .Keys}}{{if $n}} and {{end}}predictions.k_{{num .Prediction.Index}} = firsts.key_{{num $n}}{{end}}
