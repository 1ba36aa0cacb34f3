-- grain:   one row per reading and way of choosing the instant at which it is asked
-- inputs:  none
-- params:  $probe BIGINT[], $g BIGINT[], $day VARCHAR[], $clock VARCHAR[], $by_us BIGINT[], $at_us BIGINT[], $period_us BIGINT[],
--          $phase_us BIGINT[], $zone VARCHAR[], $aged BIGINT[], $within_us BIGINT[], $normalise VARCHAR[]   one entry each per probe
-- output:  probe      BIGINT     its number
--          g          BIGINT     the reading
--          day        DATE       the day that it is for; NULL: every day
--          clock      VARCHAR    shift, frozen, refresh, zone or zoned
--          by_us      BIGINT     shift: microseconds later
--          frozen_at  TIMESTAMP  frozen: never after this
--          period_us, phase_us   BIGINT   refresh: every so often, so long after the start of the period
--          zone       VARCHAR    zone, zoned: whose clock
--          aged       BOOLEAN    the age of a row counts from the prediction's instant, not from the one asked at
--          within_us  BIGINT     age up to which a row is used; 0: any
--          normalise  VARCHAR    as in_readings has it
create or replace temp table in_probes as
with listed as (
    select
        unnest($probe::bigint[]) as probe,
        unnest($g::bigint[]) as g,
        unnest($day::varchar[]) as day,
        unnest($clock::varchar[]) as clock,
        unnest($by_us::bigint[]) as by_us,
        unnest($at_us::bigint[]) as at_us,
        unnest($period_us::bigint[]) as period_us,
        unnest($phase_us::bigint[]) as phase_us,
        unnest($zone::varchar[]) as zone,
        unnest($aged::bigint[]) = 1 as aged,
        unnest($within_us::bigint[]) as within_us,
        unnest($normalise::varchar[]) as normalise,
)

select
    listed.probe,
    listed.g,
    cast(nullif(listed.day, '') as date) as day,
    listed.clock,
    listed.by_us,
    make_timestamp(listed.at_us) as frozen_at,
    listed.period_us,
    listed.phase_us,
    listed.zone,
    listed.aged,
    listed.within_us,
    listed.normalise,
from listed
