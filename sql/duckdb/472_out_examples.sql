-- grain:   one row per example
-- inputs:  stg_predictions, int_values, int_fingerprints, int_examples
-- params:  none
-- output:  version  VARCHAR
--          fingerprint  VARCHAR
--          disputed  BOOLEAN  a replay contradicts a feature
--          held     BOOLEAN   one in three, to hold what was fitted on the others against
--          score    DOUBLE
--          x_<i>    DOUBLE or VARCHAR  feature i as served, the default for null; NULL where there is none, or no number to reckon with
select
    int_examples.version,
    cast(int_fingerprints.fingerprint as varchar) as fingerprint,
    int_examples.strikes <> '' as disputed,
    int_examples.place % 3 = 0 as held,
    stg_predictions.score,
    {{range .Features}}{{template "fitted" .Served}} as x_{{num .Index}},
    {{end}}
from int_examples
join stg_predictions on stg_predictions.rowid = int_examples.row_no
join int_values on int_values.row_no = int_examples.row_no
join int_fingerprints on int_fingerprints.row_no = int_examples.row_no
order by int_examples.version, int_examples.strikes <> '', int_examples.place
