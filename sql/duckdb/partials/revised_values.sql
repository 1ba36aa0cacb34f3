-- sized is each version of a row of int_histories_<.Index>, beside the version before it and the one first known; sides is what a newer
-- version brought, with sign 1, and what it put an end to, with sign -1: sums over them are a change. Without a size is a value of 1e12
-- and more, or one that is not there. .Keyed, the keys are those of 401, else ''.

{{define "revised_values"}}sized as (
    select
        {{if .Keyed}}cast(k_{{num .Key}} as varchar){{else}}''{{end}} as key,
        known_at,
        first_value(known_at) over each_row as first_known,
        v_{{num .Value}} as value,
        first_value(v_{{num .Value}}) over each_row as first_value,
        lag(v_{{num .Value}}) over each_row as before,
    from int_histories_{{num .Index}}
    where abs(v_{{num .Value}}) < 1e12{{if .Keyed}} and cast(k_{{num .Key}} as varchar) in (select int_source_keys_{{num .Source}}.key from int_source_keys_{{num .Source}}){{end}}
    window each_row as (partition by {{range .Keys}}k_{{num .}}, {{end}}event_at order by known_at)
),

sides as (
    select key, first_known, known_at, first_value, value, 1 as sign
    from sized
    where before is not null
    union all
    select key, first_known, known_at, first_value, before as value, -1 as sign
    from sized
    where before is not null
){{end}}
