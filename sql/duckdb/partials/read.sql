-- The files of an input, of plan.Reading: CSV columns under the types that they were settled as, so that no file's own look
-- counts; Parquet columns that hold nothing but nulls under the type that their use needs.

{{define "read"}}
    {{- if .CSV}}read_csv($paths, header = true, union_by_name = true, filename = 'plumbline_file', sample_size = -1, {{template "csv_layout" .}}{{template "read_hive" .}}, types = { {{range .Types}}{{ident .Name}}: {{literal .Type}}, {{end}} })
    {{- else if .Void}}(select * replace ({{range $i, $c := .Void}}{{if $i}}, {{end}}{{template "read_null" $c}} as {{ident $c.Name}}{{end}}) from read_parquet($paths, union_by_name = true, filename = 'plumbline_file'{{template "read_hive" .}}))
    {{- else}}read_parquet($paths, union_by_name = true, filename = 'plumbline_file'{{template "read_hive" .}})
    {{- end}}
{{- end}}

-- How a CSV file is laid out, as intake has made sure of: nothing of it is left for DuckDB to guess.

{{define "csv_layout"}}delim = {{literal .Delimiter}}, quote = '"', escape = '"', comment = '', skip = 0{{end}}

{{define "read_hive"}}{{if .Hive}}, hive_partitioning = true, hive_types_autocast = false{{end}}{{end}}

{{define "read_null"}}cast(null as {{if eq .Type "TIMESTAMP WITH TIME ZONE"}}timestamptz{{else}}{{name .Type}}{{end}}){{end}}
