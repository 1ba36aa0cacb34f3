-- grain:   one row per prediction and feature that its replay contradicts, of the versions of in_curves
-- inputs:  stg_predictions, int_values, int_replayed, in_curves
-- params:  none
-- output:  row_no   BIGINT
--          feature  BIGINT
--          shift    DECIMAL(38,12)  by how much the link of the score moves where the feature is served as replayed
--          outside  BOOLEAN         no example had the value that was served, or that is replayed
create or replace temp table int_shifts as
{{if not .Replayed}}select 0::bigint as row_no, 0::bigint as feature, 0::decimal(38, 12) as shift, false as outside
limit 0
{{end}}{{range $n, $f := .Replayed}}{{if $n}}union all
{{end}}select
    asked.row_no,
    {{num .Index}}::bigint as feature,
    cast(greatest(-1e20, least(1e20,
        coalesce(replayed.base + replayed.slope * {{if .Text}}0{{else}}coalesce(asked.replayed, 0){{end}}, 0) - coalesce(was.base + was.slope * {{if .Text}}0{{else}}coalesce(asked.served, 0){{end}}, 0)
    )) as decimal(38, 12)) as shift,
    coalesce(was.outside, true) or coalesce(replayed.outside, true) as outside,
from (
    select
        int_values.row_no,
        stg_predictions.version,
        {{num .Index}}::bigint as feature,
        {{template "fitted" .Served}} as served,
        {{template "fitted" .AsReplayed}} as replayed,
        {{if not .Text}}coalesce(served, '-infinity'::double) as served_from,
        coalesce(replayed, '-infinity'::double) as replayed_from,
        {{end}}
    from int_values
    join stg_predictions on stg_predictions.rowid = int_values.row_no
    join int_replayed on int_replayed.row_no = int_values.row_no
    where int_values.e_{{num .Index}} = 3
) as asked
semi join in_curves as known on known.version = asked.version
{{if .Text}}left join in_curves as was on was.version = asked.version and was.feature = asked.feature and was.word is not distinct from asked.served
left join in_curves as replayed on replayed.version = asked.version and replayed.feature = asked.feature and replayed.word is not distinct from asked.replayed
{{else}}asof left join in_curves as was on was.version = asked.version and was.feature = asked.feature and asked.served_from >= was.low
asof left join in_curves as replayed on replayed.version = asked.version and replayed.feature = asked.feature and asked.replayed_from >= replayed.low
{{end}}{{end}}
