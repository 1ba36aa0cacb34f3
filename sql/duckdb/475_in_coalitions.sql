-- grain:   one row per feature of a coalition
-- inputs:  none
-- params:  $coalition BIGINT[], $feature BIGINT[]   one entry each
-- output:  coalition  BIGINT  names features that are repaired together, under whatever fingerprint
--          feature    BIGINT
create or replace temp table in_coalitions as
select
    unnest($coalition::bigint[]) as coalition,
    unnest($feature::bigint[]) as feature,
