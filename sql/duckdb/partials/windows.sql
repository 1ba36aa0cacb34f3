-- What a value adds to a sum: the number as written, to 12 to 15 digits. A cast straight to 24 decimals would not do: it
-- multiplies by 1e24 as a DOUBLE and makes 2.499999999999999689621504 of 2.5, so that values that cancel leave a rest.

{{define "amount"}}{{if .Sums}}coalesce(case
            when not isfinite(value) or abs(value) > cast({{literal .Most}} as double) then 0
            when abs(value) < 1e-6 then cast(cast(value as decimal(38, 24)) as decimal(38, {{num .Scale}}))
            when abs(value) < 1e-3 then cast(cast(value as decimal(38, 18)) as decimal(38, {{num .Scale}}))
            when abs(value) < 1 then cast(cast(value as decimal(38, 15)) as decimal(38, {{num .Scale}}))
            when abs(value) < 1e3 then cast(cast(value as decimal(38, 12)) as decimal(38, {{num .Scale}}))
            when abs(value) < 1e6 then cast(cast(value as decimal(38, 9)) as decimal(38, {{num .Scale}}))
            when abs(value) < 1e9 then cast(cast(value as decimal(38, 6)) as decimal(38, {{num .Scale}}))
            when abs(value) < 1e12 then cast(cast(value as decimal(38, 3)) as decimal(38, {{num .Scale}}))
            else cast(cast(value as decimal(38, 0)) as decimal(38, {{num .Scale}}))
        end, 0){{else}}0{{end}}{{end}}
