{{define "keys"}}{{range $i, $k := .}}{{if $i}}, {{end}}o_{{num $k.Index}}{{end}}{{end}}
