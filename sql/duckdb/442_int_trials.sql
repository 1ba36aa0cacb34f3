-- grain:   one row per suspect and hypothesis that says something other than the declaration
-- inputs:  int_suspects_<feature>, int_probes_<feature>, in_hypotheses, in_maps
-- params:  $tolerance DOUBLE, $relative DOUBLE of number features
-- output:  row_no  BIGINT
--          day     DATE
--          place   BIGINT   the suspect's, in its day
--          h       BIGINT
--          piece   VARCHAR  which rows of the source it sets against which: a greatest or least value is one row's for many instants
--          said    DOUBLE, VARCHAR or TIMESTAMP   what was served
--          meant   the same   what is declared, the fallback for null
--          value   the same   what the hypothesis would have served
--          hits    BOOLEAN  they are the same; of null for the whole join, and for one of its features, on such rows alone
create or replace temp table int_trials_{{num .Feature}} as
with tried as (
    select
        suspects.row_no,
        suspects.day,
        suspects.place,
        suspects.said,
        suspects.meant,
        in_hypotheses.h,
        concat_ws('|', {{range .Keys}}suspects.p_{{num .}}, {{end}}{{if .Extreme}}suspects.meant, int_probes_{{num .Feature}}.v{{else}}suspects.declared_at, int_probes_{{num .Feature}}.piece_at{{if .Windows}}, suspects.meant{{end}}{{end}}) as piece,
        coalesce(case in_hypotheses.made
            when 'found' then int_probes_{{num .Feature}}.v
            when 'nothing' then {{if and .Windows (not .Sums) (not .Extreme)}}0{{else}}null{{end}}
            when 'dropped' then null
            when 'previous' then coalesce(suspects.declared, int_probes_{{num .Feature}}.v)
            {{if .Number}}when 'linear' then int_probes_{{num .Feature}}.v * in_hypotheses.factor + in_hypotheses.plus
            when 'filled' then coalesce(int_probes_{{num .Feature}}.v, in_hypotheses.constant)
            when 'constant' then in_hypotheses.constant
            when 'emptied' then case when close_to(int_probes_{{num .Feature}}.v, in_hypotheses.constant, $tolerance::double, $relative::double) then null else int_probes_{{num .Feature}}.v end
            when 'rounded' then round(int_probes_{{num .Feature}}.v, cast(in_hypotheses.digits as integer))
            when 'floored' then floor(int_probes_{{num .Feature}}.v)
            when 'mapped' then try_cast(in_maps.became as double)
            when 'rows' then cast(int_probes_{{num .Feature}}.n_rows as double)
            when 'values' then cast(int_probes_{{num .Feature}}.n_values as double)
            when 'total' then case when int_probes_{{num .Feature}}.n_values > 0 then cast(int_probes_{{num .Feature}}.total as double) end
            when 'mean' then cast(int_probes_{{num .Feature}}.total as double) / nullif(int_probes_{{num .Feature}}.n_values, 0)
            when 'mean0' then cast(int_probes_{{num .Feature}}.total as double) / nullif(int_probes_{{num .Feature}}.n_rows, 0)
            {{end}}{{if .Text}}when 'filled' then coalesce(int_probes_{{num .Feature}}.v, in_hypotheses.word)
            when 'constant' then in_hypotheses.word
            when 'emptied' then nullif(int_probes_{{num .Feature}}.v, in_hypotheses.word)
            when 'mapped' then in_maps.became
            {{end}}
        end, suspects.fallback) as value,
        case in_hypotheses.made when 'nothing' then suspects.bare when 'dropped' then not suspects.unmet else true end as fits,
    from in_hypotheses
    join int_probes_{{num .Feature}} on int_probes_{{num .Feature}}.probe = in_hypotheses.probe
    join int_suspects_{{num .Feature}} as suspects on suspects.row_no = int_probes_{{num .Feature}}.row_no
    left join in_maps on in_hypotheses.made = 'mapped' and in_maps.h = in_hypotheses.h and {{if .Number}}try_cast(in_maps.was as double) = suspects.declared{{else}}in_maps.was = cast(suspects.declared as varchar){{end}}
    where in_hypotheses.day is null or in_hypotheses.day = suspects.day
)

select
    tried.row_no,
    tried.day,
    tried.place,
    tried.h,
    tried.piece,
    tried.said,
    tried.meant,
    tried.value,
    tried.fits and {{if .Number}}close_to(tried.said, tried.value, $tolerance::double, $relative::double){{else}}tried.said is not distinct from tried.value{{end}} as hits,
from tried
where not {{if .Number}}close_to(tried.meant, tried.value, $tolerance::double, $relative::double){{else}}tried.meant is not distinct from tried.value{{end}}
