-- grain:   one row per column of an input that could be a key, and value: those whose digest falls into one of $every parts, so that two
--          inputs keep the same values
-- inputs:  the input's files
-- params:  $paths VARCHAR[], $every BIGINT
-- output:  position   INTEGER
--          key_value  VARCHAR
create or replace temp table int_key_values_{{num .Index}} as
select distinct
    keys.position,
    keys.key_value,
from (
    select
        unnest([{{range $n, $c := .Keys}}{{if $n}}, {{end}}{{num .Index}}{{end}}]) as position,
        unnest([{{range $n, $c := .Keys}}{{if $n}}, {{end}}{{template "sampled_key" .}}{{end}}]) as key_value,
    from {{template "read" .Read}}
) as keys
where keys.key_value is not null
    and ($every::bigint = 1 or cast('0x' || left(md5(keys.key_value), 8) as bigint) % $every::bigint = 0)
