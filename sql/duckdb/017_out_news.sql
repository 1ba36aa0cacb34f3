-- grain:   one row per UTC day of predictions of which something became known after an instant: that they were made, or of their outcomes what
--          counts
-- inputs:  the prediction files, int_outcome_instants, int_outcome_versions
-- params:  $paths VARCHAR[], $since TIMESTAMP, $slack TIMESTAMP (before it), $as_of TIMESTAMP (UTC)
-- output:  day        DATE
--          delivered  BIGINT  predictions that became known, and others with their ids
--          came       BIGINT  predictions whose outcome first became known
--          changed    BIGINT  predictions whose known outcome was corrected, withdrawn, restored or contradicted
-- Days of which something became known after $slack alone are listed with zeros: it may have been delivered late.
with moved as (
    select
        {{template "keys" .OutcomeKeys}},
        min(known_at) as first_known,
        max(known_at) as last_known,
    from (
        select
            {{template "keys" .OutcomeKeys}},
            known_at,
        from int_outcome_versions
        union all
        select
            {{template "keys" .OutcomeKeys}},
            known_at,
        from int_outcome_instants
        where conflict
    )
    group by {{template "keys" .OutcomeKeys}}
    having max(known_at) > $slack::timestamp
),

known as (
    select
        cast({{ident .ID}} as varchar) as prediction_id,
        {{range .OutcomeKeys}}{{key .Prediction .Kind}} as o_{{num .Index}},
        {{end}}{{utc .At}} as predicted_at,
        {{if .KnownAt.Column}}{{utc .KnownAt}}{{else}}{{utc .At}}{{end}} as known_at,
    from {{template "read" .Read}}
),

fresh as (
    select
        known.prediction_id,
        max(known.known_at) as last_known,
    from known
    where known.known_at > $slack::timestamp and known.known_at <= $as_of::timestamp
    group by known.prediction_id
)

select
    cast(known.predicted_at as date) as day,
    count(*) filter (where coalesce(fresh.last_known > $since::timestamp, false)) as delivered,
    count(*) filter (where not coalesce(fresh.last_known > $since::timestamp, false) and moved.first_known > $since::timestamp) as came,
    count(*) filter (where not coalesce(fresh.last_known > $since::timestamp, false) and moved.first_known <= $since::timestamp and moved.last_known > $since::timestamp) as changed,
from known
left join moved on {{range $i, $k := .OutcomeKeys}}{{if $i}} and {{end}}moved.o_{{num $k.Index}} = known.o_{{num $k.Index}}{{end}}
left join fresh on fresh.prediction_id = known.prediction_id
where known.predicted_at is not null
    and known.known_at <= $as_of::timestamp
    and (fresh.prediction_id is not null or moved.first_known is not null)
group by cast(known.predicted_at as date)
order by day
