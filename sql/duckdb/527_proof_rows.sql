-- grain:   one row per boundary, finding and place: predictions that show what a finding is about
-- inputs:  none
-- params:  none
-- output:  boundary       DATE       UTC day at whose start the window ends
--          finding        VARCHAR    id of the finding
--          place          INTEGER    order in which they are shown, 1 to 10
--          prediction_id  VARCHAR    the prediction
--          key            VARCHAR    values of the keys that its source is joined by, commas between
--          instant        TIMESTAMP  UTC instant at which the feature was read
--          feature        VARCHAR    the feature that differs
--          declared       VARCHAR    value that the declaration gives; NULL where it gives null
--          served         VARCHAR    value that was served; NULL where null was
--          replayed       VARCHAR    value that the hypothesis gives; NULL where it gives null or there is none
--          hypothesis     VARCHAR    name of the hypothesis that reproduces the row; NULL where none does
create table ledger.main.proof_rows (
    boundary date,
    finding varchar,
    place integer,
    prediction_id varchar,
    key varchar,
    instant timestamp,
    feature varchar,
    declared varchar,
    served varchar,
    replayed varchar,
    hypothesis varchar
)
