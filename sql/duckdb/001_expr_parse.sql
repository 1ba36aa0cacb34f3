-- grain:   one row
-- inputs:  none
-- params:  $text VARCHAR (one select item, or with .Type the name of a type)
-- output:  tree  VARCHAR  JSON: the query that has the item, or a NULL of the type, as its select list; or why it does
--                         not parse
-- The line break ends a comment that the item may end in.
select json_serialize_sql(concat(
    'select ', {{if .Type}}'cast(null as ', $text::varchar, ')'{{else}}$text::varchar{{end}}, chr(10), 'from t'
))::varchar as tree
