-- grain:   one row per version, feature and piece of what the feature adds to the link of the score: base + slope x from `low` on, of
--          texts that of a word
-- inputs:  none
-- params:  $version VARCHAR[], $feature BIGINT[], $low DOUBLE[], $word VARCHAR[], $missing BIGINT[], $slope DOUBLE[], $base DOUBLE[],
--          $outside BIGINT[]   one entry each per piece
-- output:  version  VARCHAR
--          feature  BIGINT   -1: the base of the sum itself
--          low      DOUBLE   of numbers; -infinity for none served
--          word     VARCHAR  of texts; NULL for none served
--          slope, base  DOUBLE
--          outside  BOOLEAN  no example had such a value
create or replace temp table in_curves as
with given as (
    select
        unnest($version::varchar[]) as version,
        unnest($feature::bigint[]) as feature,
        unnest($low::double[]) as low,
        unnest($word::varchar[]) as word,
        unnest($missing::bigint[]) = 1 as missing,
        unnest($slope::double[]) as slope,
        unnest($base::double[]) as base,
        unnest($outside::bigint[]) = 1 as outside,
)

select
    version,
    feature,
    low,
    case when not missing then word end as word,
    slope,
    base,
    outside,
from given
