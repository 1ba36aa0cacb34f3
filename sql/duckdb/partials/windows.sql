{{define "amount"}}{{if .Sums}}coalesce(cast(case when isfinite(value) then value end as decimal(38, {{num .Scale}})), 0){{else}}0{{end}}{{end}}
