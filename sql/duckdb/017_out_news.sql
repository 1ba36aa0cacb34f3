-- grain:   one row per UTC day of predictions of which something became known after an instant: that they were made, or of their outcomes what
--          counts
-- inputs:  the prediction files, int_outcome_instants, int_outcome_versions
-- params:  $paths VARCHAR[], $since TIMESTAMP, $slack TIMESTAMP (before it), $as_of TIMESTAMP (UTC)
-- output:  day        DATE
--          delivered  BIGINT  predictions that became known, and others with their ids
--          came       BIGINT  predictions whose outcome first became known
--          changed    BIGINT  predictions whose known outcome was corrected, withdrawn, restored or contradicted
-- Days of which something became known after $slack alone are listed with zeros: it may have been delivered late. The files are read twice, by
-- few columns each time, and what neither is new nor has an outcome that moved is dropped as it is read.
with moved as (
    select
        {{template "keys" .OutcomeKeys}},
        min(known_at) filter (where counts) as first_known,
        max(known_at) as last_known,
    from (
        select
            {{template "keys" .OutcomeKeys}},
            known_at,
            true as counts,
        from int_outcome_versions
        union all
        select
            {{template "keys" .OutcomeKeys}},
            known_at,
            false as counts,
        from int_outcome_instants
        where conflict
    )
    group by {{template "keys" .OutcomeKeys}}
    having max(known_at) > $slack::timestamp
),

fresh as (
    select
        delivered.prediction_id,
        max(delivered.known_at) as last_known,
    from (
        select
            cast({{ident .ID}} as varchar) as prediction_id,
            {{if .KnownAt.Column}}{{utc .KnownAt}}{{else}}{{utc .At}}{{end}} as known_at,
        from {{template "read" .Read}}
    ) as delivered
    where delivered.known_at > $slack::timestamp and delivered.known_at <= $as_of::timestamp
    group by delivered.prediction_id
),

touched as (
    select
        cast(known.predicted_at as date) as day,
        known.prediction_id,
        coalesce(fresh.last_known > $since::timestamp, false) as delivered,
        coalesce(moved.first_known > $since::timestamp, false) as came,
        coalesce(moved.last_known > $since::timestamp, false) as moved,
    from (
        select
            cast({{ident .ID}} as varchar) as prediction_id,
            {{range .OutcomeKeys}}{{key .Prediction .Kind}} as o_{{num .Index}},
            {{end}}{{utc .At}} as predicted_at,
            {{if .KnownAt.Column}}{{utc .KnownAt}}{{else}}{{utc .At}}{{end}} as known_at,
        from {{template "read" .Read}}
    ) as known
    left join moved on {{range $i, $k := .OutcomeKeys}}{{if $i}} and {{end}}moved.o_{{num $k.Index}} = known.o_{{num $k.Index}}{{end}}
    left join fresh on fresh.prediction_id = known.prediction_id
    where known.predicted_at is not null
        and known.known_at <= $as_of::timestamp
        and (fresh.prediction_id is not null or moved.last_known is not null)
)

select
    touched.day,
    count(distinct touched.prediction_id) filter (where touched.delivered) as delivered,
    count(distinct touched.prediction_id) filter (where not touched.delivered and touched.came) as came,
    count(distinct touched.prediction_id) filter (where not touched.delivered and not touched.came and touched.moved) as changed,
from touched
group by touched.day
order by touched.day
