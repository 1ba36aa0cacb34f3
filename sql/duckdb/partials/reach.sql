{{define "reach"}}{{if .Bounded}}coalesce(int_lookup_{{num .Lookup}}.newest_at >= stg_predictions.features_at - to_microseconds({{num .Within}}::bigint), false){{else}}true{{end}}{{end}}
