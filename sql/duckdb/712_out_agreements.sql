-- grain:   one row per served column and column of a source that could be the same, where some rows agree
-- inputs:  int_found, stg_sampled_0, stg_sampled_<n> of the source
-- params:  none
-- output:  served       INTEGER  position of the predictions' column
--          value        INTEGER  position of the source's column
--          both         BIGINT   predictions looked at in which both have a value
--          agree        BIGINT   of these, they are equal: numbers to 1e-6 of the larger
--          chance       BIGINT   of these, the served value equals what was found for the prediction after it
--          young        BIGINT   of both, the row found is not older than most
--          young_agree  BIGINT   of these, they are equal
--          young_chance BIGINT   of young, the served value equals what was found for the prediction after it
--          differing    BIGINT   served values that differ, where both have one
with found as (
    select
        row_no,
        source_no,
        coalesce(epoch_us(asked_at) - epoch_us(event_at) <= median(epoch_us(asked_at) - epoch_us(event_at)) over (), true) as young,
    from int_found
    where source_no is not null
),

served as (
    select
        predictions.row_no,
        unnest([{{range $n, $c := .Served}}{{if $n}}, {{end}}{{template "agreement_entry" $c}}, 'v': {{template "agreement_value" $c}}}{{end}}], recursive := true),
    from stg_sampled_0 as predictions
    semi join found on predictions.row_no = found.row_no
),

-- The same row may be found for many predictions: its values are laid out once.
held as (
    select
        source.row_no as source_no,
        unnest([{{range $n, $c := .Values}}{{if $n}}, {{end}}{{template "agreement_entry" $c}}, 'v': {{template "agreement_value" $c}}}{{end}}], recursive := true),
    from stg_sampled_{{num .Index}} as source
    semi join found on source.row_no = found.source_no
),

looked_up as (
    select
        found.row_no,
        found.young,
        held.position,
        held.kind,
        held.v,
        lead(held.v) over (partition by held.position order by found.row_no) as next_v,
    from found
    join held on found.source_no = held.source_no
)

select
    served.position as served,
    looked_up.position as value,
    count(looked_up.v) as both,
    count(*) filter (where {{template "agreement_equal"}}) as agree,
    count(*) filter (where looked_up.v is not null and {{template "agreement_luck"}}) as chance,
    count(looked_up.v) filter (where looked_up.young) as young,
    count(*) filter (where looked_up.young and {{template "agreement_equal"}}) as young_agree,
    count(*) filter (where looked_up.young and looked_up.v is not null and {{template "agreement_luck"}}) as young_chance,
    count(distinct served.v) filter (where looked_up.v is not null) as differing,
from served
join looked_up on served.row_no = looked_up.row_no and served.kind = looked_up.kind
where served.v is not null
group by served.position, looked_up.position
having agree > 0
order by served.position, looked_up.position
