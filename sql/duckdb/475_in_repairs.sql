-- grain:   one row per fingerprint, repair of its rows and feature that it puts right
-- inputs:  none
-- params:  $fingerprint VARCHAR[], $mask BIGINT[], $coalition BIGINT[], $feature BIGINT[]   one entry each
-- output:  fingerprint  VARCHAR
--          mask     BIGINT  names the repair
--          coalition  BIGINT  names the features that it puts right together, under whatever fingerprint
--          feature  BIGINT
create or replace temp table in_repairs as
select
    unnest($fingerprint::varchar[]) as fingerprint,
    unnest($mask::bigint[]) as mask,
    unnest($coalition::bigint[]) as coalition,
    unnest($feature::bigint[]) as feature,
