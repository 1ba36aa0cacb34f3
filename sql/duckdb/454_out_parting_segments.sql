-- grain:   one row per UTC day, cause that suspects are named by, segment column and level that suspects have
-- inputs:  int_suspects_<feature>, int_labels_<feature>, int_values, stg_predictions
-- params:  none
-- output:  day         DATE
--          code        USMALLINT  level code of the cause; 3: none
--          segment_no  INTEGER
--          level       VARCHAR
--          "rows"      BIGINT   suspects
--          level_rows  BIGINT   predictions of the day with that level
--          day_rows    BIGINT   predictions of the day
with named as (
    select
        suspects.row_no,
        suspects.day,
        coalesce({{if .Labelled}}int_labels_{{num .Feature}}.code{{else}}null{{end}}, 3)::usmallint as code,
    from int_suspects_{{num .Feature}} as suspects
    {{if .Labelled}}left join int_labels_{{num .Feature}} on int_labels_{{num .Feature}}.row_no = suspects.row_no
    {{end}}),

days as (
    select distinct day
    from named
),

levels as (
    {{range $n, $segment := .Segments}}{{if $n}}union all
    {{end}}select int_values.row_no, int_values.day, {{num $segment}} as segment_no, stg_predictions.s_{{num $segment}} as level
    from int_values
    join days on days.day = int_values.day
    join stg_predictions on stg_predictions.rowid = int_values.row_no
    {{end}}
),

totals as (
    select day, segment_no, level, count(*) as level_rows, sum(count(*)) over (partition by day, segment_no) as day_rows
    from levels
    group by day, segment_no, level
),

counted as (
    select named.day, named.code, levels.segment_no, levels.level, count(*) as "rows"
    from named
    join levels on levels.row_no = named.row_no
    group by named.day, named.code, levels.segment_no, levels.level
)

select
    counted.day,
    counted.code,
    counted.segment_no,
    counted.level,
    counted."rows",
    totals.level_rows,
    cast(totals.day_rows as bigint) as day_rows,
from counted
join totals on totals.day = counted.day and totals.segment_no = counted.segment_no and totals.level = counted.level
order by counted.day, counted.code, counted.segment_no, counted.level
