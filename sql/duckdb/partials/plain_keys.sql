{{define "plain_keys"}}{{range $i, $k := .}}{{if $i}}, {{end}}k_{{num $k}}{{end}}{{end}}
