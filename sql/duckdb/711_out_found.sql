-- grain:   one row
-- inputs:  int_found, stg_sampled_0, stg_sampled_<n> of the source
-- params:  none
-- output:  asked      BIGINT  predictions that were looked at
--          found      BIGINT  of these, with a row
--          half_s     DOUBLE  seconds from the event time of the row found to the prediction: median; NULL for a source without event times
--          nearly_s   DOUBLE  99 %
--          own        BIGINT  of those found, the row is about what the prediction is about: a column that joins outcomes, and is no part of the key, is equal
--          key_rows   BIGINT  rows of the source that have a key
--          crowded    BIGINT  rows that share key and event time with another
with keyed as (
    select
        count(*) as n,
    from stg_sampled_{{num .Index}} as source
    where {{range $n, $k := .Keys}}{{if $n}} and {{end}}source.k_{{num .Other.Index}} is not null{{end}}
    group by {{range $n, $k := .Keys}}{{if $n}}, {{end}}source.k_{{num .Other.Index}}{{end}}{{if .Event}}, {{template "sampled_source_instant" .Event}}{{end}}
),

crowds as (
    select
        coalesce(sum(n), 0)::bigint as key_rows,
        coalesce(sum(n) filter (where n > 1), 0)::bigint as crowded,
    from keyed
)

select
    count(*) as asked,
    count(int_found.source_no) as found,
    {{if .Own}}count(*) filter (where {{range $n, $k := .Own}}{{if $n}} and {{end}}predictions.k_{{num .Prediction.Index}} = source.k_{{num .Other.Index}}{{end}}){{else}}0::bigint{{end}} as own,
    quantile_disc((epoch_us(int_found.asked_at) - epoch_us(int_found.event_at)) / 1e6, 0.5) as half_s,
    quantile_disc((epoch_us(int_found.asked_at) - epoch_us(int_found.event_at)) / 1e6, 0.99) as nearly_s,
    any_value(crowds.key_rows) as key_rows,
    any_value(crowds.crowded) as crowded,
from crowds
left join int_found on true
left join stg_sampled_0 as predictions on int_found.row_no = predictions.row_no
left join stg_sampled_{{num .Index}} as source on int_found.source_no = source.row_no
