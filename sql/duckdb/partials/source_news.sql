-- The rows of a source that has instants, and whether each is the first of its id, or of its key and `at` where rows
-- have none: a source whose rows have versions, or that is delivered whole each time, says most of what it says again. Of
-- .Index, .Keys, .Dies, .Named.

{{define "source_news"}}(
    select
        *,
        cast(known_at as date) as day,
        {{if .Named}}not again{{else if .Dies}}known_at = min(known_at) over (partition by {{range .Keys}}k_{{num .}}, {{end}}event_at){{else}}true{{end}} as news,
    from stg_source_{{num .Index}}
)
{{- end}}
