-- A column that holds instants, as an expression: .Column; .Form, which is zoned (TIMESTAMP WITH TIME ZONE), naive
-- (TIMESTAMP of any unit), date or text; .Zone, in which a clock without zone is read, "" with text when none is declared.
--
-- Text is ISO 8601 with a T or blank between date and time, seconds and their fraction optional, and an offset: Z, UTC,
-- +hh, +hhmm or +hh:mm. Without an offset the time is optional too: a date alone is midnight. A cast alone would not do:
-- DuckDB drops an offset when it reads a TIMESTAMP, and wants seconds when it reads an offset.

{{define "clock_utc"}}
    {{- if eq .Form "zoned"}}({{ident .Column}} at time zone 'UTC')
    {{- else if ne .Form "text"}}{{if eq .Zone "UTC"}}cast({{ident .Column}} as timestamp){{else}}((cast({{ident .Column}} as timestamp) at time zone {{zone .Zone}}) at time zone 'UTC'){{end}}
    {{- else}}(case
            when regexp_full_match({{ident .Column}}, '\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?(Z|UTC)|[+-](0\d|1[0-8])(:?[0-5]\d)?)')
                then try_cast(regexp_replace({{ident .Column}}, '^(.{16})([^:].*)$', '\1:00\2') as timestamptz) at time zone 'UTC'
            {{- if .Zone}}
            when {{template "clock_plain" .}}
                then {{if eq .Zone "UTC"}}try_cast({{ident .Column}} as timestamp){{else}}(try_cast({{ident .Column}} as timestamp) at time zone {{zone .Zone}}) at time zone 'UTC'{{end}}
            {{- end}}
        end)
    {{- end}}
{{- end}}

{{define "clock_unzoned"}}
    {{- if and (eq .Form "text") (not .Zone)}}coalesce({{template "clock_plain" .}} and try_cast({{ident .Column}} as timestamp) is not null, false)
    {{- else}}false
    {{- end}}
{{- end}}

{{define "clock_plain"}}regexp_full_match({{ident .Column}}, '\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?'){{end}}

{{define "join_key"}}
    {{- if eq .Kind "TIMESTAMP"}}make_timestamp(epoch_us({{ident .Column}})){{else}}cast({{ident .Column}} as {{name .Kind}}){{end}}
{{- end}}
