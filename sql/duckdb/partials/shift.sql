-- By how much a feature that is replayed moves the link of the scores of the predictions that it was contradicted on or, under a mend, that
-- this is about.

{{define "shift"}}select
    asked.row_no,
    {{num .Index}}::bigint as feature,
    {{num .AsReplayed.Mend}}::bigint as mend,
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
    {{if .AsReplayed.Mend}}join int_mended_{{num .AsReplayed.Mend}} on int_mended_{{num .AsReplayed.Mend}}.row_no = int_values.row_no
    {{else}}join int_replayed on int_replayed.row_no = int_values.row_no
    where int_values.e_{{num .Index}} = 3
    {{end}}
) as asked
semi join in_curves as known on known.version = asked.version
{{if .Text}}left join in_curves as was on was.version = asked.version and was.feature = asked.feature and was.word is not distinct from asked.served
left join in_curves as replayed on replayed.version = asked.version and replayed.feature = asked.feature and replayed.word is not distinct from asked.replayed
{{else}}asof left join in_curves as was on was.version = asked.version and was.feature = asked.feature and asked.served_from >= was.low
asof left join in_curves as replayed on replayed.version = asked.version and replayed.feature = asked.feature and asked.replayed_from >= replayed.low
{{end}}{{end}}
