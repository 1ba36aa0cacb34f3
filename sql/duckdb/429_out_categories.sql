-- grain:   one row per column of a source and value of it, of columns that hold at least two and not many
-- inputs:  stg_source_<i>
-- params:  none
-- output:  column_no  INTEGER  the value v_<column_no> of the source
--          word       VARCHAR  what it holds
{{range $n, $c := .Columns}}{{if $n}}union all
{{end}}select
    found.column_no,
    found.word,
from (
    select
        {{num $c}} as column_no,
        cast(stg_source_{{num $.Index}}.v_{{num $c}} as varchar) as word,
        count(*) over () as many,
    from stg_source_{{num $.Index}}
    where stg_source_{{num $.Index}}.v_{{num $c}} is not null
    group by stg_source_{{num $.Index}}.v_{{num $c}}
) as found
where found.many between 2 and {{num $.Most}}
{{end}}order by column_no, word
