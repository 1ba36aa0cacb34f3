-- grain:   one row per column of a sampled input, in its order
-- inputs:  stg_sampled_<n>
-- params:  none
-- output:  position   INTEGER   of the column
--          rows       BIGINT    sampled
--          filled     BIGINT    rows in which it has a value
--          distincts  BIGINT    values that differ
--          unit       BIGINT    numbers in [0, 1]
--          whole      BIGINT    numbers without a fraction
--          numbers    BIGINT    text that holds a number
--          least      DOUBLE    smallest number
--          greatest   DOUBLE    largest number
--          first      VARCHAR   least value as text, cut off after 1,000 letters
--          last       VARCHAR   greatest value as text, cut off likewise
--          instants   BIGINT    values that are instants
--          days       BIGINT    instants at midnight
--          zoneless   BIGINT    text that is an instant without an offset
--          begins     TIMESTAMP first instant
--          ends       TIMESTAMP last instant
select
    fact.position,
    fact.n as rows,
    fact.filled,
    fact.distincts,
    fact.unit,
    fact.whole,
    fact.numbers,
    fact.least,
    fact.greatest,
    fact.first,
    fact.last,
    fact.instants,
    fact.days,
    fact.zoneless,
    fact.begins,
    fact.ends,
from (
    select unnest([
        {{- range $n, $c := .Columns}}{{if $n}},{{end}}
        {
            'position': {{num .Index}},
            'n': count(*),
            'filled': count(v_{{num .Index}}),
            'distincts': count(distinct v_{{num .Index}}),
            {{- if or (eq .Class "number") (eq .Class "boolean")}}
            'unit': count(*) filter (where v_{{num .Index}} between 0 and 1),
            'whole': count(*) filter (where v_{{num .Index}} = trunc(v_{{num .Index}})),
            'numbers': 0::bigint,
            'least': min(v_{{num .Index}}),
            'greatest': max(v_{{num .Index}}),
            {{- else}}
            'unit': 0::bigint,
            'whole': 0::bigint,
            'numbers': {{if eq .Class "text"}}count(try_cast(v_{{num .Index}} as double)){{else}}0::bigint{{end}},
            'least': null::double,
            'greatest': null::double,
            {{- end}}
            'first': cast(left(min(v_{{num .Index}})::varchar, 1000) as varchar),
            'last': cast(left(max(v_{{num .Index}})::varchar, 1000) as varchar),
            {{- if or .Worded (eq .Class "instant")}}
            'instants': count({{template "sampled_instant" .}}),
            'days': count(*) filter (where {{template "sampled_instant" .}} = date_trunc('day', {{template "sampled_instant" .}})),
            'zoneless': {{if .Worded}}count(*) filter (where z_{{num .Index}}){{else}}0::bigint{{end}},
            'begins': min({{template "sampled_instant" .}}),
            'ends': max({{template "sampled_instant" .}})
            {{- else}}
            'instants': 0::bigint,
            'days': 0::bigint,
            'zoneless': 0::bigint,
            'begins': null::timestamp,
            'ends': null::timestamp
            {{- end}}
        }
        {{- end}}
    ]) as fact
    from stg_sampled_{{num .Index}}
) as facts
order by fact.position
