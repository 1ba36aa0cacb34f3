-- grain:   one row per window that a served column's name tells of, and column of the source
-- inputs:  stg_sampled_0, stg_sampled_<n> of the source
-- params:  $every BIGINT (of the sampled predictions), $length_us BIGINT
-- output:  value     INTEGER  position of the source's column; -1 for the number of rows
--          way       VARCHAR  avg, sum, count, min, max or count_distinct
--          both      BIGINT   predictions looked at in which the served column has a value and the window a row with one
--          agree     BIGINT   of these, the served value equals the window's to 1e-6 of the larger, or to .00051: what rounding to three digits leaves
--          rounded   BIGINT   of these, they differ by more than 1e-6 of the larger
--          chance    BIGINT   of these, it equals the window's of the prediction after it
with asked as (
    select
        row_no,
        {{template "sampled_instant" .At}} as asked_at,
        v_{{num .Served.Index}} as served,
        {{- range $n, $k := .Keys}}
        k_{{num .Prediction.Index}} as key_{{num $n}},
        {{- end}}
    from stg_sampled_0
    where {{template "sampled_asked" .At}}
),

rows as (
    select
        asked.row_no,
        {{- range .Values}}
        source.v_{{num .Index}} as s_{{num .Index}},
        {{- end}}
    from asked
    join stg_sampled_{{num .Index}} as source
        on {{range $n, $k := .Keys}}asked.key_{{num $n}} = source.k_{{num .Other.Index}} and {{end}}
            {{template "sampled_source_instant" .Event}} <= asked.asked_at
        and {{template "sampled_source_instant" .Event}} > asked.asked_at - to_microseconds($length_us::bigint)
        {{- if .Known}}
        and {{template "sampled_source_instant" .Known}} <= asked.asked_at
        {{- end}}
    {{- if .ID}}
    qualify row_number() over (partition by asked.row_no, source.v_{{num .ID.Index}} order by {{template "sampled_source_instant" .Known}} desc, source.row_no desc) = 1
    {{- end}}
),

windows as (
    select
        asked.row_no,
        any_value(asked.served) as served,
        {{- range $n, $w := .Ways}}
        {{if lt $w.Value.Index 0}}nullif(count(rows.row_no), 0)::double{{else if eq $w.Way "count_distinct"}}nullif(count(distinct rows.s_{{num $w.Value.Index}}), 0)::double{{else if eq $w.Way "count"}}nullif(count(rows.s_{{num $w.Value.Index}}), 0)::double{{else}}{{name $w.Way}}(rows.s_{{num $w.Value.Index}})::double{{end}} as w_{{num $n}},
        {{- end}}
    from asked
    left join rows on asked.row_no = rows.row_no
    group by asked.row_no
),

paired as (
    select
        served,
        {{- range $n, $w := .Ways}}
        w_{{num $n}},
        lead(w_{{num $n}}) over (order by row_no) as n_{{num $n}},
        {{- end}}
    from windows
)

select
    told.value,
    told.way,
    told.both,
    told.agree,
    told.rounded,
    told.chance,
from (
    select unnest([
        {{- range $n, $w := .Ways}}{{if $n}},{{end}}
        {
            'value': {{num $w.Value.Index}},
            'way': {{literal $w.Way}},
            'both': count(*) filter (where served is not null and w_{{num $n}} is not null),
            'agree': count(*) filter (where abs(served - w_{{num $n}}) <= greatest({{template "window_tolerance"}}, 1e-6 * greatest(abs(served), abs(w_{{num $n}})))),
            'rounded': count(*) filter (where abs(served - w_{{num $n}}) <= {{template "window_tolerance"}} and abs(served - w_{{num $n}}) > 1e-6 * greatest(abs(served), abs(w_{{num $n}}))),
            'chance': count(*) filter (where w_{{num $n}} is not null and abs(served - n_{{num $n}}) <= greatest({{template "window_tolerance"}}, 1e-6 * greatest(abs(served), abs(n_{{num $n}}))))
        }
        {{- end}}
    ]) as told
    from paired
) as all_told
order by told.value, told.way
