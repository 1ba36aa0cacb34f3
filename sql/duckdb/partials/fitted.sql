-- A feature as a model is fitted to it: the default for null; instants in seconds; NULL for what is no number to reckon with.

{{define "fitted"}}{{if .Text}}coalesce({{template "fitted_column" .}}{{if .HasDefault}}, int_values.d_{{num .Index}}{{end}}){{else}}case when abs({{template "fitted_number" .}}) < 1e15 then {{template "fitted_number" .}} end{{end}}{{end}}

{{define "fitted_number"}}{{if .Instant}}epoch_us(coalesce({{template "fitted_column" .}}{{if .HasDefault}}, int_values.d_{{num .Index}}{{end}})) / 1000000.0{{else}}cast(coalesce({{template "fitted_column" .}}{{if .HasDefault}}, int_values.d_{{num .Index}}{{end}}) as double){{end}}{{end}}

{{define "fitted_column"}}{{if .Mend}}int_mended_{{num .Mend}}.r_{{num .Index}}{{else if .Replay}}int_replayed.r_{{num .Index}}{{else}}stg_predictions.f_{{num .Index}}{{end}}{{end}}
