-- grain:   one row per column of one CSV file, in the file's order
-- inputs:  the file; all of its rows are looked at, so that a type holds for every value
-- params:  $path VARCHAR
-- output:  position   BIGINT   from 1
--          name       VARCHAR  as DuckDB names it: column0 where the header has none
--          type       VARCHAR  DuckDB type
select
    found.position,
    found.columns[found.position].name as name,
    found.columns[found.position].type as type,
from (
    select
        Columns as columns,
        unnest(range(1, len(Columns) + 1)) as position,
    from sniff_csv($path, header = true, sample_size = -1, {{template "csv_layout" .}})
) as found
order by found.position
