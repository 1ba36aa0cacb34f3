-- The predictions of int_instants that can find anything: those with a whole key, under the source's names p_<i>, and an
-- instant. Of .Pairs, plan.JoinKey.

{{define "keyed_instants"}}(
    select
        int_instants.row_no,
        int_instants.features_at,
        {{range .Pairs}}int_instants.k_{{num .Prediction}} as p_{{num .Source}},
        {{end}}
    from int_instants
    where {{range .Pairs}}int_instants.k_{{num .Prediction}} is not null and {{end}}int_instants.features_at is not null
)
{{- end}}
