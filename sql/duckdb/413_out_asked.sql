-- grain:   one row per UTC hour in which predictions were made{{if .Keyed}}, and key that they ask a source for{{end}}
-- inputs:  int_instants{{if .Keyed}}, int_source_keys_<i>{{end}}
-- params:  none
-- output:  key     VARCHAR    '' where all are taken together
--          hour    TIMESTAMP
--          "rows"  BIGINT
select
    {{if .Keyed}}cast(int_instants.k_{{num .Asks}} as varchar){{else}}''{{end}} as key,
    date_trunc('hour', int_instants.features_at) as hour,
    count(*) as "rows",
from int_instants
where int_instants.features_at is not null{{if .Keyed}} and cast(int_instants.k_{{num .Asks}} as varchar) in (select int_source_keys_{{num .Index}}.key from int_source_keys_{{num .Index}}){{end}}
group by {{if .Keyed}}cast(int_instants.k_{{num .Asks}} as varchar), {{end}}date_trunc('hour', int_instants.features_at)
order by 1, 2
