-- grain:   one row per UTC day, join and bin of staleness
-- inputs:  stg_predictions, int_replayed
-- params:  $join_<j> VARCHAR for each join with event times
-- output:  day          DATE
--          source_join  VARCHAR
--          bin          INTEGER  16 bins to the doubling, from 1 s; 0 holds everything up to that
--          "rows"       BIGINT   predictions whose join used a row that old
--          max_s        BIGINT   greatest staleness in the bin, whole seconds
create or replace temp table out_staleness as
{{range $n, $j := .Aged}}{{if $n}}union all
{{end}}select
    ages.day,
    $join_{{num .}} as source_join,
    cast(floor(16 * log2(greatest(ages.age_s, 1))) as integer) as bin,
    count(*) as "rows",
    max(ages.age_s) as max_s,
from (
    select
        int_replayed.day,
        (epoch_us(stg_predictions.features_at) - epoch_us(int_replayed.used_{{num .}})) // 1000000 as age_s,
    from int_replayed
    join stg_predictions on stg_predictions.rowid = int_replayed.row_no
    where int_replayed.used_{{num .}} is not null
) as ages
group by ages.day, bin
{{else}}select
    null::date as day,
    '' as source_join,
    0 as bin,
    0::bigint as "rows",
    0::bigint as max_s,
where false
{{end}}
