-- grain:   one row per fingerprint and repair of its rows
-- inputs:  none
-- params:  $fingerprint VARCHAR[], $mask BIGINT[], $coalition BIGINT[], $mend BIGINT[], $first_day VARCHAR[], $end_day VARCHAR[]   one
--          entry each
-- output:  fingerprint  VARCHAR
--          mask       BIGINT  names the repair
--          coalition  BIGINT  the features that it puts right; -1: none
--          mend       BIGINT  the rule that it puts outcomes right by; 0: none
--          first_day, end_day   DATE  the days of the predictions that are repaired so, the last one excluded
create or replace temp table in_repairs as
select
    unnest($fingerprint::varchar[]) as fingerprint,
    unnest($mask::bigint[]) as mask,
    unnest($coalition::bigint[]) as coalition,
    unnest($mend::bigint[]) as mend,
    cast(unnest($first_day::varchar[]) as date) as first_day,
    cast(unnest($end_day::varchar[]) as date) as end_day,
