-- grain:   one row
-- inputs:  none
-- params:  none
-- output:  column_type  VARCHAR  type of the expression over columns of the types given, found without any row
select column_type
from (
    describe
    select
        {{- if eq .Aggregate "count_distinct"}}
        count(distinct {{expr .Expr}}) as v
        {{- else if .Aggregate}}
        {{name .Aggregate}}({{expr .Expr}}) as v
        {{- else}}
        {{expr .Expr}} as v
        {{- end}}
    from (
        select
            {{- range .Columns}}
            {{expr .Null}} as {{ident .Name}},
            {{- end}}
            1 as {{ident .Unused}}
    ) as typed
)
