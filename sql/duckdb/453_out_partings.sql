-- grain:   one row per UTC day, cause that suspects are named by, kind of difference, and ratio
-- inputs:  int_suspects_<feature>, int_labels_<feature>
-- params:  none
-- output:  day     DATE
--          code    USMALLINT  level code of the cause; 3: none
--          kind    VARCHAR  null served, null due, from zero, ratio, or other where values are no numbers
--          ratio   DOUBLE   of served to what is declared, to three digits; 0 but for kind ratio
--          "rows"  BIGINT
--          above   BIGINT   of these, those that were served a larger number
with parted as (
    select
        suspects.day,
        coalesce({{if .Labelled}}int_labels_{{num .Feature}}.code{{else}}null{{end}}, 3)::usmallint as code,
        suspects.served,
        suspects.declared,
        case
            when suspects.served is null then 'null served'
            when suspects.declared is null then 'null due'
            {{if .Number}}when suspects.declared = 0 then 'from zero'
            else 'ratio'{{else}}else 'other'{{end}}
        end as kind,
    from int_suspects_{{num .Feature}} as suspects
    {{if .Labelled}}left join int_labels_{{num .Feature}} on int_labels_{{num .Feature}}.row_no = suspects.row_no
    {{end}}),

measured as (
    select
        *,
        {{if .Number}}case when kind = 'ratio' then served / declared else 0 end{{else}}0::double{{end}} as ratio,
        {{if .Number}}kind in ('from zero', 'ratio') and served > declared{{else}}false{{end}} as higher,
    from parted
),

rounded as (
    select
        * exclude (ratio),
        case when ratio = 0 or not isfinite(ratio) then 0 else round(ratio, cast(greatest(least(2 - floor(log10(abs(ratio))), 300), -300) as integer)) end as ratio,
    from measured
)

select
    rounded.day,
    rounded.code,
    rounded.kind,
    rounded.ratio,
    count(*) as "rows",
    count(*) filter (where rounded.higher) as above,
from rounded
group by rounded.day, rounded.code, rounded.kind, rounded.ratio
order by rounded.day, rounded.code, rounded.kind, rounded.ratio
