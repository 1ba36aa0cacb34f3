-- grain:   one row per day taken in: the balance sheet of predictions and outcomes
-- inputs:  none
-- params:  none
-- output:  day            DATE       UTC day of the predictions
--          as_of          TIMESTAMP  UTC instant at which the world was looked at
--          closed         BOOLEAN    the day was over at as_of; open days are not evaluated
--          layout_id      VARCHAR    layout of the day's fingerprints; see layouts
--          segment_names  VARCHAR[]  segment columns, in the order of cells.segments
--          domain_digest  VARCHAR    digest of what domains were judged against; NULL where no prediction was
--          predictions    BIGINT     prediction rows of the day known by as_of
--          invalid        BIGINT     set aside as bad rows
--          superseded     BIGINT     deliveries of an id other than the chosen one
--          hindsight      BIGINT     chosen rows delivered when their outcome was known; never scored
--          matched        BIGINT     chosen rows with an outcome
--          pending        BIGINT     chosen rows without an outcome whose horizon is open
--          missing        BIGINT     chosen rows without an outcome whose horizon is over
--          late           BIGINT     outcomes first known after the horizon
--          repeated       BIGINT     outcome rows equal to the value already known
--          corrected      BIGINT     outcome keys whose value changed
--          duplicated     BIGINT     outcome keys with several different values at one instant
--          withdrawn      BIGINT     outcome keys absent from a later snapshot
--          orphans        BIGINT     outcome keys without a prediction
create table ledger.main.days (
    day date,
    as_of timestamp,
    closed boolean,
    layout_id varchar,
    segment_names varchar[],
    domain_digest varchar,
    predictions bigint,
    invalid bigint,
    superseded bigint,
    hindsight bigint,
    matched bigint,
    pending bigint,
    missing bigint,
    late bigint,
    repeated bigint,
    corrected bigint,
    duplicated bigint,
    withdrawn bigint,
    orphans bigint
)
