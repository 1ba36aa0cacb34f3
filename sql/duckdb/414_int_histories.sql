-- grain:   one row per key and `at` of a lookup's source, and instant at which a revision of it became known
-- inputs:  stg_source_<i>
-- params:  none
-- output:  k_<i>        join key columns
--          event_at     TIMESTAMP
--          known_at     TIMESTAMP
--          first_known  TIMESTAMP  of the key and `at`
--          v_<i>        value from then on
-- A row that becomes known while another of its key and `at` still stands is a second row, no revision; of rows that become
-- known together and contradict each other none counts.
create or replace temp table int_histories_{{num .Index}} as
with arrivals as (
    select
        {{range .Keys}}k_{{num .}},
        {{end}}event_at,
        known_at,
        max(coalesce(dead_at, 'infinity'::timestamp)) as dead_at,
        {{range .Values}}max(v_{{num .}}) as v_{{num .}},
        coalesce(min(v_{{num .}}) <> max(v_{{num .}}), false) or count(v_{{num .}}) not in (0, count(*)) as m_{{num .}},
        {{end}}
    from stg_source_{{num .Source}}
    where {{range .Keys}}k_{{num .}} is not null and {{end}}(dead_at is null or known_at < dead_at){{if ge .Filter 0}} and w_{{num .Filter}}{{end}}
    group by {{range .Keys}}k_{{num .}}, {{end}}event_at, known_at
),

successors as (
    select
        *,
        min(known_at) over (partition by {{range .Keys}}k_{{num .}}, {{end}}event_at) as first_known,
        coalesce(max(dead_at) over (
            partition by {{range .Keys}}k_{{num .}}, {{end}}event_at
            order by known_at
            rows between unbounded preceding and 1 preceding
        ) > known_at, false) as beside,
    from arrivals
),

told as (
    select *
    from successors
    where not beside{{range .Values}} and not m_{{num .}}{{end}}
)

select
    {{range .Keys}}told.k_{{num .}},
    {{end}}told.event_at,
    told.known_at,
    told.first_known,
    {{range .Values}}told.v_{{num .}},
    {{end}}
from told
window each_row as (partition by {{range .Keys}}told.k_{{num .}}, {{end}}told.event_at order by told.known_at)
qualify lag(told.known_at) over each_row is null{{range .Values}} or told.v_{{num .}} is distinct from lag(told.v_{{num .}}) over each_row{{end}}
