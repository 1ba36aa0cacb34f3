-- grain:   one row per name, kind and stability
-- inputs:  none
-- params:  none
-- output:  function_name  VARCHAR  lower case
--          kind           VARCHAR  scalar, aggregate or macro
--          stability      VARCHAR  CONSISTENT, CONSISTENT_WITHIN_QUERY, VOLATILE; empty for a macro
select
    lower(function_name) as function_name,
    function_type as kind,
    coalesce(stability, '') as stability
from duckdb_functions()
where function_type in ('scalar', 'aggregate', 'macro')
group by lower(function_name), function_type, coalesce(stability, '')
order by lower(function_name), function_type, coalesce(stability, '')
