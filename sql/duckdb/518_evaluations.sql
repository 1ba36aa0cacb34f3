-- grain:   one row per boundary: one judgement of the window before it
-- inputs:  none
-- params:  none
-- output:  boundary            DATE       UTC day at whose start the window ends
--          as_of               TIMESTAMP  UTC instant at which the world was looked at, by whichever run
--          verdict             VARCHAR    insufficient, outcomes, intake, population, model or healthy
--          retrain             BOOLEAN    whether to retrain; NULL: cannot tell
--          baseline_loss       DOUBLE     mean loss, in the loop's unit
--          current_loss        DOUBLE     mean loss of the window, in the loop's unit
--          delta               DOUBLE     current - baseline
--          ci_low              DOUBLE     of delta, 95 %
--          ci_high             DOUBLE     of delta, 95 %
--          integrity_baseline  DOUBLE     share of predictions whose whole fingerprint is nominal
--          integrity_current   DOUBLE     the same share of the window
--          matched             BIGINT     predictions with an outcome
--          summary             VARCHAR    one sentence for a person
--          findings_json       VARCHAR    the evaluation, schema plumbline.findings/v1 without run_id, as_of and outcomes: those are of a run, the column as_of, and in daily (older ledgers hold them as they were)
create table ledger.main.evaluations (
    boundary date,
    as_of timestamp,
    verdict varchar,
    retrain boolean,
    baseline_loss double,
    current_loss double,
    delta double,
    ci_low double,
    ci_high double,
    integrity_baseline double,
    integrity_current double,
    matched bigint,
    summary varchar,
    findings_json varchar
)
