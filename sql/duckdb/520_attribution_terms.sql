-- grain:   one row per boundary and term of its account; the terms sum to the change of mean loss
-- inputs:  none
-- params:  none
-- output:  boundary        DATE     UTC day at whose start the window ends
--          position        INTEGER  place in the account, from 1
--          term            VARCHAR  cause, population, model or unseparated
--          finding         VARCHAR  id of the finding; NULL unless term is cause
--          delta           DOUBLE   part of the change of mean loss, in the loop's unit
--          ci_low          DOUBLE   of delta, 95 %
--          ci_high         DOUBLE   of delta, 95 %
--          share           DOUBLE   of the change; NULL where the change is uncertain
--          basis           VARCHAR  how the cost is known: measured, distilled, estimated, not_identified
--          fidelity        DOUBLE   of the surrogate, 0 to 1
--          bound_lower     DOUBLE   least that it can have cost, mean loss
--          bound_upper     DOUBLE   most that it can have cost, mean loss
--          uncertainty     DOUBLE   part of a model term: the world became harder to predict
--          calibration     DOUBLE   part of a model term: what refitting intercept and slope returns
--          resolution      DOUBLE   part of a model term: the rest
--          rollout         DOUBLE   part of a model term: another version
--          within_version  DOUBLE   part of a model term: the same version
create table ledger.main.attribution_terms (
    boundary date,
    position integer,
    term varchar,
    finding varchar,
    delta double,
    ci_low double,
    ci_high double,
    share double,
    basis varchar,
    fidelity double,
    bound_lower double,
    bound_upper double,
    uncertainty double,
    calibration double,
    resolution double,
    rollout double,
    within_version double
)
