-- grain:   one row per model version that made a prediction of which a replay contradicts a feature
-- inputs:  stg_predictions, int_values
-- params:  none
-- output:  version   VARCHAR
--          disputed  BIGINT   such predictions
select stg_predictions.version, count(*) as disputed
from int_values
join stg_predictions on stg_predictions.rowid = int_values.row_no
where {{range $i, $f := .Replayed}}{{if $i}} or {{end}}int_values.e_{{num .Index}} = 3{{end}}
group by stg_predictions.version
order by stg_predictions.version
