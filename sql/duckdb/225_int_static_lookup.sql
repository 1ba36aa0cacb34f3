-- grain:   one row per prediction of int_instants that finds a row of the static table under its key
-- inputs:  int_instants, stg_source_<i>
-- params:  none
-- output:  as 220_int_lookup, newest_at always NULL
create or replace temp table int_lookup_{{num .Index}} as
with tables as (
    select
        {{range .Keys}}k_{{num .}},
        {{end}}count(*) as row_count,
        max(schema_id) as schema_id,
        {{range .Values}}max(v_{{num .}}) as v_{{num .}},
        coalesce(min(v_{{num .}}) <> max(v_{{num .}}), false) or count(v_{{num .}}) not in (0, count(*)) as m_{{num .}},
        {{end}}
    from stg_source_{{num .Source}}
    where {{range .Keys}}k_{{num .}} is not null and {{end}}true{{if ge .Filter 0}} and w_{{num .Filter}}{{end}}
    group by {{template "plain_keys" .Keys}}
)

select
    asked.row_no,
    null::timestamp as newest_at,
    tables.row_count,
    tables.schema_id,
    {{range .Values}}tables.v_{{num .}},
    tables.m_{{num .}},
    {{end}}
from {{name .Asked}} as asked
join tables on {{range $i, $p := .Pairs}}{{if $i}} and {{end}}tables.k_{{num $p.Source}} = asked.k_{{num $p.Prediction}}{{end}}
