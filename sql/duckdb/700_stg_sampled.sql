-- grain:   one row per sampled row of an input: about one in $every, spread so that no period of the log is favoured
-- inputs:  the input's files
-- params:  $paths VARCHAR[], $every BIGINT
-- output:  row_no  BIGINT   from 1
--          v_<i>           DOUBLE, VARCHAR or TIMESTAMP in UTC: the value, as its class compares; numbers that are not finite are NULL
--          t_<i>           TIMESTAMP  of a VARCHAR column: the instant that it holds in ISO 8601, read as UTC where it has no offset
--          z_<i>           BOOLEAN    of a VARCHAR column: it holds an instant without an offset
--          k_<i>           VARCHAR    of whole numbers, text and dates: the value as a key
create or replace temp table stg_sampled_{{num .Index}} as
select
    numbered.row_no,
    {{- range .Columns}}
    {{template "sampled_value" .}} as v_{{num .Index}},
    {{- if .Worded}}
    {{utc .Clock}} as t_{{num .Index}},
    {{unzoned .Bare}} as z_{{num .Index}},
    {{- end}}
    {{- if .Keyed}}
    {{template "sampled_key" .}} as k_{{num .Index}},
    {{- end}}
    {{- end}}
from (
    select
        row_number() over () as row_no,
        {{- range .Columns}}
        {{ident .Name}},
        {{- end}}
    from {{template "read" .Read}}
) as numbered
where {{template "sampled_row"}}
