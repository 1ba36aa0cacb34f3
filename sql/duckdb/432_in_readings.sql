-- grain:   one row per way in which a source's rows are read
-- inputs:  none
-- params:  $g BIGINT[], $value BIGINT[], $filter BIGINT[], $length_us BIGINT[], $offset_us BIGINT[], $align VARCHAR[],
--          $to_date VARCHAR[], $opens_us BIGINT[], $closes_us BIGINT[], $shift_us BIGINT[], $zone VARCHAR[], $passed BIGINT[], $final BIGINT[],
--          $every BIGINT[], $skips BIGINT[], $late_us BIGINT[], $deadline_us BIGINT[], $normalise VARCHAR[]   one entry each per reading
-- output:  g            BIGINT   its number
--          value        BIGINT   which of the source's values
--          filter       BIGINT   which of its filters
--          length_us, offset_us   BIGINT   of a window, microseconds
--          align, to_date   VARCHAR   hour, day or week; '' for none. With to_date a window of whole units, the last of which is the one
--                           that it ends in
--          opens_us, closes_us    BIGINT   how much later than declared a row enters and leaves
--          shift_us     BIGINT   added to event times
--          zone         VARCHAR  event times are read as its clock; '' for none
--          passed       BOOLEAN  rows are seen from when their event time, as it is read, has passed
--          final        BOOLEAN  rows as they finally were, from their event on
--          every        BOOLEAN  every version of a row
--          skips        BOOLEAN  rows without a value are passed over
--          late_us, deadline_us   BIGINT   rows known later than this after the event, or after its UTC day, are missing; 0: none
--          normalise    VARCHAR  how keys are written alike; '' as they are
create or replace temp table in_readings as
select
    unnest($g::bigint[]) as g,
    unnest($value::bigint[]) as value,
    unnest($filter::bigint[]) as filter,
    unnest($length_us::bigint[]) as length_us,
    unnest($offset_us::bigint[]) as offset_us,
    unnest($align::varchar[]) as align,
    unnest($to_date::varchar[]) as to_date,
    unnest($opens_us::bigint[]) as opens_us,
    unnest($closes_us::bigint[]) as closes_us,
    unnest($shift_us::bigint[]) as shift_us,
    unnest($zone::varchar[]) as zone,
    unnest($passed::bigint[]) = 1 as passed,
    unnest($final::bigint[]) = 1 as final,
    unnest($every::bigint[]) = 1 as every,
    unnest($skips::bigint[]) = 1 as skips,
    unnest($late_us::bigint[]) as late_us,
    unnest($deadline_us::bigint[]) as deadline_us,
    unnest($normalise::varchar[]) as normalise,
