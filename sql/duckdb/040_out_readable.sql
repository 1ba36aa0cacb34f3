-- grain:   one row
-- inputs:  one file of an input
-- params:  $paths VARCHAR[]
-- output:  the greatest value of each column as VARCHAR, which no statistics tell: all of the file has to be read
select max(cast(columns(*) as varchar))
from {{template "read" .Read}}
