-- grain:   one row per chosen prediction of the days taken in that is not hindsight
-- inputs:  stg_predictions, int_conditions, int_segments_<i>
-- params:  none
-- output:  row_no       BIGINT
--          day          DATE
--          version      VARCHAR
--          segments     VARCHAR[]  in the loop file's order; 'other' past the day's 200 most frequent values
--          fingerprint  UBIGINT[]  level codes, packed as the layout says
create or replace temp table int_fingerprints as
select
    int_conditions.row_no,
    int_conditions.day,
    stg_predictions.version,
    list_value({{range $n, $i := .Segments}}{{if $n}}, {{end}}coalesce(int_segments_{{num $i}}.value, 'other'){{end}})::varchar[] as segments,
    list_value({{range $n, $w := .Words}}{{if $n}},
        {{end}}{{range $m, $c := $w}}{{if $m}} | {{end}}(int_conditions.c_{{num $c.Index}}::ubigint << {{num $c.Shift}}){{end}}{{end}}
    )::ubigint[] as fingerprint,
from int_conditions
join stg_predictions on stg_predictions.rowid = int_conditions.row_no
{{range .Segments}}left join int_segments_{{num .}} on int_segments_{{num .}}.day = int_conditions.day and int_segments_{{num .}}.value = stg_predictions.s_{{num .}}
{{end}}
