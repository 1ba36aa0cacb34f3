-- grain:   one row
-- inputs:  the files of an input
-- params:  $paths VARCHAR[]
-- output:  greatest  VARCHAR  of the instants of a column in UTC: it fails where one cannot be had
select max(cast({{utc .Clock}} as varchar)) as greatest
from {{template "read" .Read}}
