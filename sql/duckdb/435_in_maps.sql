-- grain:   one row per hypothesis and value that it maps
-- inputs:  none
-- params:  $h BIGINT[], $was VARCHAR[], $became VARCHAR[]   one entry each per mapped value
-- output:  h       BIGINT
--          was     VARCHAR  the declared value, numbers as text
--          became  VARCHAR  what is served of it
create or replace temp table in_maps as
select
    unnest($h::bigint[]) as h,
    unnest($was::varchar[]) as was,
    unnest($became::varchar[]) as became,
