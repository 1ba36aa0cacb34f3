-- grain:   one row per input and file
-- inputs:  none
-- params:  $inputs VARCHAR[], $paths VARCHAR[], $schema_ids VARCHAR[]   lists of equal length
-- output:  input      VARCHAR
--          path       VARCHAR    as opened
--          schema_id  USMALLINT
create or replace temp table in_files as
select
    unnest($inputs::varchar[]) as input,
    unnest($paths::varchar[]) as path,
    unnest($schema_ids::varchar[])::usmallint as schema_id
