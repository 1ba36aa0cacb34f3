-- grain:   one row per UTC day that holds a chosen prediction
-- inputs:  stg_predictions, int_deliveries
-- params:  none
-- output:  day        DATE
--          "rows"     BIGINT
--          low_<i>, high_<i>  DOUBLE   of number features, NULL where no value is finite
--          digest     VARCHAR  64 hex over ranges and category sets of the day
create or replace temp table int_domain_days as
select
    int_deliveries.day,
    count(*) as "rows",
    {{range .Numbers}}min(stg_predictions.f_{{num .}}) filter (where isfinite(stg_predictions.f_{{num .}})) as low_{{num .}},
    max(stg_predictions.f_{{num .}}) filter (where isfinite(stg_predictions.f_{{num .}})) as high_{{num .}},
    {{end}}sha256(concat_ws('|',
        count(*),
        {{range .Numbers}}min(stg_predictions.f_{{num .}}),
        max(stg_predictions.f_{{num .}}),
        {{end}}{{range .Texts}}string_agg(distinct stg_predictions.f_{{num .}}, chr(10) order by stg_predictions.f_{{num .}}),
        {{end}}''
    )) as digest,
from int_deliveries
join stg_predictions on stg_predictions.rowid = int_deliveries.row_no
where int_deliveries.chosen
group by int_deliveries.day
