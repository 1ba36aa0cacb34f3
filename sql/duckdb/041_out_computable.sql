-- grain:   one row
-- inputs:  the files of an input
-- params:  $paths VARCHAR[]
-- output:  greatest  VARCHAR  of what an expression gives for every row: it fails where the expression does
select max(cast({{expr .Expr}} as varchar)) as greatest
from {{template "read" .Read}}{{if .Where}}
where {{expr .Where}}{{end}}
