-- grain:   one row per day and fingerprint that a finding hits
-- inputs:  none
-- params:  $day VARCHAR[], $fingerprint VARCHAR[], $mask BIGINT[]   one entry each
-- output:  day          DATE
--          fingerprint  VARCHAR
--          mask         BIGINT  the repair of the finding alone, as in in_repairs; 0: it puts nothing right there
create or replace temp table in_hits as
select
    cast(unnest($day::varchar[]) as date) as day,
    unnest($fingerprint::varchar[]) as fingerprint,
    unnest($mask::bigint[]) as mask,
