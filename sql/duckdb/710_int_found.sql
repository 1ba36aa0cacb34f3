-- grain:   one row per sampled prediction, thinned to every $every-th of them
-- inputs:  stg_sampled_0, stg_sampled_<n> of a source
-- params:  $every BIGINT
-- output:  row_no     BIGINT     of the prediction
--          asked_at   TIMESTAMP  its instant
--          source_no  BIGINT     row_no of the source's row that it could know: the newest by event time of those known then; of a source
--                                without event times the first row of the key. NULL where there is none
--          event_at   TIMESTAMP  of that row
create or replace temp table int_found as
with asked as (
    select
        row_no,
        {{template "sampled_instant" .At}} as asked_at,
        {{- range $n, $k := .Keys}}
        k_{{num .Prediction.Index}} as key_{{num $n}},
        {{- end}}
    from stg_sampled_0
    where {{template "sampled_asked" .At}}
),

rows as (
    select
        source.row_no as source_no,
        {{- range $n, $k := .Keys}}
        source.k_{{num .Other.Index}} as key_{{num $n}},
        {{- end}}
        {{if .Event}}{{template "sampled_source_instant" .Event}}{{else}}null::timestamp{{end}} as event_at,
        {{if .Known}}{{template "sampled_source_instant" .Known}}{{else if .Event}}{{template "sampled_source_instant" .Event}}{{else}}null::timestamp{{end}} as known_at,
    from stg_sampled_{{num .Index}} as source
    where {{range $n, $k := .Keys}}{{if $n}} and {{end}}source.k_{{num .Other.Index}} in (select key_{{num $n}} from asked){{end}}
),

{{- if .Event}}
steps as (
    select
        {{- range $n, $k := .Keys}}
        key_{{num $n}},
        {{- end}}
        known_at,
        max({'event_at': event_at, 'source_no': source_no}) over (
            partition by {{range $n, $k := .Keys}}{{if $n}}, {{end}}key_{{num $n}}{{end}}
            order by known_at, event_at, source_no rows unbounded preceding
        ) as newest,
        row_number() over (
            partition by {{range $n, $k := .Keys}}key_{{num $n}}, {{end}}known_at
            order by event_at desc, source_no desc
        ) as from_last,
    from rows
    where event_at is not null and known_at is not null
)

select
    asked.row_no,
    asked.asked_at,
    steps.newest.source_no as source_no,
    steps.newest.event_at as event_at,
from asked
asof left join (select * from steps where from_last = 1) as steps
    on {{range $n, $k := .Keys}}asked.key_{{num $n}} = steps.key_{{num $n}} and {{end}}asked.asked_at >= steps.known_at
{{- else}}
firsts as (
    select
        {{- range $n, $k := .Keys}}
        key_{{num $n}},
        {{- end}}
        min(source_no) as source_no,
    from rows
    group by all
)

select
    asked.row_no,
    asked.asked_at,
    firsts.source_no,
    null::timestamp as event_at,
from asked
left join firsts on {{range $n, $k := .Keys}}{{if $n}} and {{end}}asked.key_{{num $n}} = firsts.key_{{num $n}}{{end}}
{{- end}}
