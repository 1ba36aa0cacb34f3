-- grain:   one row per feature of a coalition
-- inputs:  none
-- params:  $coalition BIGINT[], $feature BIGINT[], $mend BIGINT[]   one entry each
-- output:  coalition  BIGINT  names features that are repaired together, under whatever fingerprint
--          feature    BIGINT
--          mend       BIGINT  by which it is replayed; 0: as declared
create or replace temp table in_coalitions as
select
    unnest($coalition::bigint[]) as coalition,
    unnest($feature::bigint[]) as feature,
    unnest($mend::bigint[]) as mend,
