{{define "window_value"}}{{if .Extreme}}peak{{else if .Mean}}cast(total as double) / nullif(values_known, 0){{else if .Sums}}case when values_known > 0 then cast(total as double) end{{else}}cast(values_known as double){{end}}{{end}}

{{define "window_steps"}}int_{{if .Extreme}}peaks{{else}}steps{{end}}_{{num .Index}}{{end}}

-- What a hypothesis of 447_out_base serves: its constant, or what null is served as.

{{define "base_constant"}}case when asked_on.made in ('nothing', 'dropped') then {{if .HasDefault}}int_values.d_{{num .Feature}}{{else}}cast(null as {{name .Type}}){{end}} else asked_on.constant end{{end}}
