-- grain:   one row per contrast and fingerprint of its rows
-- inputs:  none
-- params:  $contrast BIGINT[], $fingerprint VARCHAR[], $affected BIGINT[]   one entry each
-- output:  contrast     BIGINT
--          fingerprint  VARCHAR
--          affected     BOOLEAN  else the rows are controls
create or replace temp table in_contrasts as
select
    unnest($contrast::bigint[]) as contrast,
    unnest($fingerprint::varchar[]) as fingerprint,
    unnest($affected::bigint[]) = 1 as affected,
