-- grain:   one row
-- inputs:  an input's files
-- params:  $paths VARCHAR[]
-- output:  rows     BIGINT
--          keyed    BIGINT  rows in which every column of the key has a value
--          keys     BIGINT  keys that differ
--          told     BIGINT  pairs of a key and an instant that differ; as keys where no instant is named
--          instants BIGINT  instants that differ; 0 where none is named
--          events   BIGINT  pairs of a key and an event's instant that differ; as keys where no such instant is named
select
    count(*) as rows,
    count(*) filter (where dated.key_value is not null) as keyed,
    count(distinct dated.key_value) as keys,
    {{if .Clock.Column}}count(distinct (dated.key_value, dated.instant)) filter (where dated.key_value is not null){{else}}count(distinct dated.key_value){{end}} as told,
    count(distinct dated.instant) as instants,
    {{if .Event.Column}}count(distinct (dated.key_value, dated.event)) filter (where dated.key_value is not null){{else}}count(distinct dated.key_value){{end}} as events,
from (
    select
        case when {{range $n, $c := .Keys}}{{if $n}} and {{end}}{{template "sampled_key" .}} is not null{{end}}
            then [{{range $n, $c := .Keys}}{{if $n}}, {{end}}{{template "sampled_key" .}}{{end}}] end as key_value,
        {{if .Clock.Column}}{{utc .Clock}}{{else}}null::timestamp{{end}} as instant,
        {{if .Event.Column}}{{utc .Event}}{{else}}null::timestamp{{end}} as event,
    from {{template "read" .Read}}
) as dated
