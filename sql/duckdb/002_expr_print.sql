-- grain:   one row
-- inputs:  none
-- params:  $tree VARCHAR (JSON as 001_expr_parse gives it, for one item)
-- output:  text  VARCHAR  the item, written out; '' if DuckDB writes the query in another form
select regexp_extract(json_deserialize_sql($tree::json)::varchar, '^SELECT (.*) FROM t$', 1, 's') as text
