-- grain:   none: gives DuckDB the access to the buckets of a scheme, for this connection alone
-- inputs:  extension httpfs
-- params:  none
-- output:  none
create temporary secret {{ident .Scheme}} (
    type {{if eq .Scheme "gs"}}gcs{{else}}s3{{end}},
    scope {{literal .Scope}},
    key_id {{literal .Key}},
    secret {{literal .Secret}},
    {{if .Token}}session_token {{literal .Token}},
    {{end}}region {{literal .Region}},
    endpoint {{literal .Endpoint}},
    url_style {{if .PathStyle}}'path'{{else}}'vhost'{{end}},
    use_ssl {{if .TLS}}true{{else}}false{{end}}
)
