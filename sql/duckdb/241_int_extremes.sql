-- grain:   one row per prediction of int_instants with a row inside the window
-- inputs:  int_instants, stg_source_<i>
-- params:  $length_us BIGINT, $offset_us BIGINT (microseconds); $first_at and $last_at TIMESTAMP (UTC): the earliest and latest
--          instant that windows are asked for at
-- output:  row_no  BIGINT
--          value   DOUBLE, VARCHAR or TIMESTAMP   greatest (or least) value inside the window, as known at the instant
-- Rows that are known when their window opens and live until it closes are found by a RANGE frame; the others, late or
-- replaced, by a join that their own span bounds.
create or replace temp table int_extremes_{{num .Feature}} as
with instants as (
    select
        asked.row_no,
        asked.features_at,
        {{range .Pairs}}asked.k_{{num .Prediction}} as k_{{num .Source}},
        {{end}}{{if .Align}}date_trunc('{{name .Align}}', asked.features_at){{else}}asked.features_at{{end}} as place_at,
    from {{name .Asked}} as asked
    where {{range .Pairs}}asked.k_{{num .Prediction}} is not null and {{end}}asked.features_at is not null
),

opened as (
    select
        {{range .Keys}}k_{{num .}},
        {{end}}v_{{num .Value}} as value,
        event_at + to_microseconds($offset_us::bigint) as place_at,
        {{if .Align}}up_to('{{name .Align}}', {{end}}event_at + to_microseconds($offset_us::bigint){{if .Align}}){{end}} as opens_at,
        {{if .Align}}up_to('{{name .Align}}', {{end}}event_at + to_microseconds($offset_us::bigint + $length_us::bigint){{if .Align}}){{end}} as closes_at,
        known_at,
        dead_at,
    from stg_source_{{num .Source}}
    where {{range .Keys}}k_{{num .}} is not null and {{end}}v_{{num .Value}} is not null{{if ge .Filter 0}} and w_{{num .Filter}}{{end}}
),

visible as (
    select *
    from opened
    where closes_at > $first_at::timestamp and opens_at <= $last_at::timestamp
),

placed as (
    select {{range .Keys}}k_{{num .}}, {{end}}epoch_us(place_at) as place_us, value, null::bigint as row_no
    from visible
    where known_at <= opens_at and (dead_at is null or dead_at >= closes_at)
    union all
    select {{range .Keys}}k_{{num .}}, {{end}}epoch_us(place_at) as place_us, null as value, row_no
    from instants
),

framed as (
    select
        row_no,
        {{if .Max}}max{{else}}min{{end}}(value) over (
            partition by {{template "plain_keys" .Keys}}
            order by place_us
            range between $length_us::bigint - 1 preceding and current row
        ) as value,
    from placed
    qualify row_no is not null
),

joined as (
    select
        instants.row_no,
        {{if .Max}}max{{else}}min{{end}}(visible.value) as value,
    from instants
    join visible
        on {{range .Keys}}visible.k_{{num .}} = instants.k_{{num .}} and {{end}}instants.features_at >= greatest(visible.opens_at, visible.known_at)
        and instants.features_at < least(visible.closes_at, coalesce(visible.dead_at, visible.closes_at))
    where not (visible.known_at <= visible.opens_at and (visible.dead_at is null or visible.dead_at >= visible.closes_at))
    group by instants.row_no
)

select
    framed.row_no,
    {{if .Max}}greatest{{else}}least{{end}}(framed.value, joined.value) as value,
from framed
left join joined on joined.row_no = framed.row_no
