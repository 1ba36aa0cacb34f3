-- grain:   one row per UTC day and replayed feature
-- inputs:  int_conditions, int_replayed
-- params:  $source_<i> VARCHAR, $feature_<i> VARCHAR for each replayed feature
-- output:  day           DATE
--          source        VARCHAR
--          feature       VARCHAR
--          "rows"        BIGINT   predictions
--          agree, null_rows, default_rows, differs   BIGINT   of these, by how served and replayed value meet
--          ambiguous     BIGINT   of these, where the declaration leaves a tie between different values
create or replace temp table out_seams as
{{range $n, $f := .Seams}}{{if $n}}union all
{{end}}select
    int_conditions.day,
    $source_{{num .Feature}} as source,
    $feature_{{num .Feature}} as feature,
    count(*) as "rows",
    count(*) filter (where int_conditions.c_{{num .Condition}} = 0) as agree,
    count(*) filter (where int_conditions.c_{{num .Condition}} = 1) as null_rows,
    count(*) filter (where int_conditions.c_{{num .Condition}} = 2) as default_rows,
    count(*) filter (where int_conditions.c_{{num .Condition}} >= 3) as differs,
    count(*) filter (where int_replayed.a_{{num .Feature}}) as ambiguous,
from int_conditions
join int_replayed on int_replayed.row_no = int_conditions.row_no
group by int_conditions.day
{{else}}select
    null::date as day,
    '' as source,
    '' as feature,
    0::bigint as "rows",
    0::bigint as agree,
    0::bigint as null_rows,
    0::bigint as default_rows,
    0::bigint as differs,
    0::bigint as ambiguous,
where false
{{end}}
