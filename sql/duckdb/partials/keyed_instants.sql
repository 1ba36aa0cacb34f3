-- The predictions of .Asked, int_instants or a part of it, that can find anything: those with a whole key, under the source's names p_<i>, and an
-- instant. Of .Pairs, plan.JoinKey.

{{define "keyed_instants"}}(
    select
        asked.row_no,
        asked.features_at,
        {{range .Pairs}}asked.k_{{num .Prediction}} as p_{{num .Source}},
        {{end}}
    from {{name .Asked}} as asked
    where {{range .Pairs}}asked.k_{{num .Prediction}} is not null and {{end}}asked.features_at is not null
)
{{- end}}
