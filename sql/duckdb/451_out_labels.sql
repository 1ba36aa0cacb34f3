-- grain:   one row per UTC day and cause that suspects are named by
-- inputs:  int_suspects_<feature>, int_labels_<feature>
-- params:  none
-- output:  day       DATE
--          code      USMALLINT  level code of the cause; 3: none
--          "rows"    BIGINT
--          first_at, last_at   TIMESTAMP   earliest and latest instant at which their features were read
select
    suspects.day,
    coalesce({{if .Labelled}}int_labels_{{num .Feature}}.code{{else}}null{{end}}, 3)::usmallint as code,
    count(*) as "rows",
    min(suspects.features_at) as first_at,
    max(suspects.features_at) as last_at,
from int_suspects_{{num .Feature}} as suspects
{{if .Labelled}}left join int_labels_{{num .Feature}} on int_labels_{{num .Feature}}.row_no = suspects.row_no
{{end}}group by suspects.day, code
order by suspects.day, code
