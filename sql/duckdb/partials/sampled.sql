-- A column of any input before a loop file says what it is for: .Name, its .Class, .Whole for whole numbers, .Clock for instants and text.

{{define "sampled_value"}}
    {{- if eq .Class "instant"}}{{utc .Clock}}
    {{- else if eq .Class "text"}}cast({{ident .Name}} as varchar)
    {{- else}}case when isfinite(cast({{ident .Name}} as double)) then cast({{ident .Name}} as double) end
    {{- end}}
{{- end}}

{{define "sampled_key"}}
    {{- if eq .Class "instant"}}cast(cast({{ident .Name}} as date) as varchar)
    {{- else if or .Whole (eq .Class "text")}}cast({{ident .Name}} as varchar)
    {{- else}}case when abs({{ident .Name}}) < 9e15 and {{ident .Name}} = trunc({{ident .Name}}) then cast(cast({{ident .Name}} as bigint) as varchar) end
    {{- end}}
{{- end}}

{{define "sampled_instant"}}{{if .Worded}}t_{{else}}v_{{end}}{{num .Index}}{{end}}

{{define "sampled_source_instant"}}source.{{template "sampled_instant" .}}{{end}}

{{define "window_tolerance"}}0.00051{{end}}

{{define "filler_replaced"}}rows.source_value is not null and not coalesce(rows.agrees, false) and (rows.served is null or rows.served = most.served) and rows.age_s > ages.oldest_used{{end}}

-- Values of columns of all classes side by side: numbers and instants in microseconds as numbers, text as its digest's number.

{{define "agreement_entry"}}{'position': {{num .Index}}, 'kind': {{if .Timed}}'instant'{{else if eq .Class "text"}}'text'{{else}}'number'{{end}}{{end}}

{{define "agreement_value"}}
    {{- if .Timed}}cast(epoch_us({{template "sampled_instant" .}}) as double)
    {{- else if eq .Class "text"}}cast(cast('0x' || left(md5(v_{{num .Index}}), 12) as bigint) as double)
    {{- else}}v_{{num .Index}}
    {{- end}}
{{- end}}

{{define "agreement_equal"}}case when served.kind = 'number' then abs(served.v - looked_up.v) <= 1e-6 * greatest(abs(served.v), abs(looked_up.v)) else served.v = looked_up.v end{{end}}

{{define "agreement_luck"}}case when served.kind = 'number' then abs(served.v - looked_up.next_v) <= 1e-6 * greatest(abs(served.v), abs(looked_up.next_v)) else served.v = looked_up.next_v end{{end}}

-- One row in $every, by the fractional part of its number times the golden ratio: spread evenly over every period that a log may have.

{{define "sampled_row"}}(numbered.row_no * 2654435769) % 4294967296 < 4294967296 // $every::bigint{{end}}

-- Of the sampled predictions, one in $every that has an instant.

{{define "sampled_asked"}}row_no in (
            select row_no
            from (select row_no, row_number() over (order by row_no) as nth from stg_sampled_0) as counted
            where (nth * 2654435769) % 4294967296 < 4294967296 // $every::bigint
        )
        and {{template "sampled_instant" .}} is not null{{end}}

{{define "filler_gone"}}(rows.source_value is null or not coalesce(rows.agrees, false) and rows.age_s > ages.oldest_used){{end}}
