-- grain:   one row per key and instant from which another group of newest rows is visible
-- inputs:  stg_source_<i>, or int_versions_<feature>
-- params:  none
-- output:  k_<i>      join key columns
--          from_at    TIMESTAMP  the state holds from here to the key's next state
--          newest_at  TIMESTAMP  the newest `at` visible; NULL: every row was withdrawn
--          row_count  BIGINT     rows at newest_at, newest versions only
--          schema_id  USMALLINT
--          v_<i>      greatest value among them, NULL only if all are
--          m_<i>      BOOLEAN    they hold several different values, NULL counted as one
-- A row is visible in [known_at, dead_at). Where no row ever dies, the newest `at` only grows, so that a running
-- maximum over arrivals finds it. Where rows die, those that only repeat what stood before them are first joined into
-- one life; then keys that lose a whole group are gone through instant by instant. Left joins have comparisons alone for
-- conditions: with an "or" among them DuckDB compares every row with every row.
create or replace temp table int_states_{{num .Index}} as
with visible as (
    select *
    from {{name .From}}
    where {{range .Keys}}k_{{num .}} is not null and {{end}}(dead_at is null or known_at < dead_at){{if ge .Filter 0}} and w_{{num .Filter}}{{end}}
),

{{if .Dies}}alike as (
    select
        {{range .Keys}}k_{{num .}},
        {{end}}event_at,
        known_at,
        dead_at,
        {{range .Values}}v_{{num .}},
        {{end}}count(*) as copies,
        max(schema_id) as schema_id,
    from visible
    group by {{template "plain_keys" .Keys}}, event_at, known_at, dead_at{{range .Values}}, v_{{num .}}{{end}}
),

chained as (
    select
        *,
        coalesce(known_at <> lag(dead_at) over (
            partition by {{template "plain_keys" .Keys}}, event_at, copies, schema_id{{range .Values}}, v_{{num .}}{{end}}
            order by known_at, dead_at
        ), true) as begins,
    from alike
),

numbered as (
    select
        *,
        sum(case when begins then 1 else 0 end) over (
            partition by {{template "plain_keys" .Keys}}, event_at, copies, schema_id{{range .Values}}, v_{{num .}}{{end}}
            order by known_at, dead_at
            rows between unbounded preceding and current row
        ) as chain,
    from chained
),

lives as (
    select
        {{range .Keys}}k_{{num .}},
        {{end}}event_at,
        min(known_at) as known_at,
        case when bool_and(dead_at is not null) then max(dead_at) end as dead_at,
        {{range .Values}}v_{{num .}},
        {{end}}copies,
        schema_id,
    from numbered
    group by {{template "plain_keys" .Keys}}, event_at, copies, schema_id, chain{{range .Values}}, v_{{num .}}{{end}}
),

instants as (
    select {{range .Keys}}k_{{num .}}, {{end}}event_at, known_at as from_at from lives
    union
    select {{range .Keys}}k_{{num .}}, {{end}}event_at, dead_at as from_at from lives where dead_at is not null
),

groups as (
    select
        {{range .Keys}}instants.k_{{num .}},
        {{end}}instants.event_at,
        instants.from_at,
        coalesce(sum(lives.copies), 0) as row_count,
        max(lives.schema_id) as schema_id,
        {{range .Values}}max(lives.v_{{num .}}) as v_{{num .}},
        coalesce(min(lives.v_{{num .}}) <> max(lives.v_{{num .}}), false) or count(lives.v_{{num .}}) not in (0, count(lives.event_at)) as m_{{num .}},
        {{end}}
    from instants
    left join lives
        on {{range .Keys}}lives.k_{{num .}} = instants.k_{{num .}} and {{end}}lives.event_at = instants.event_at
        and lives.known_at <= instants.from_at
        and coalesce(lives.dead_at, 'infinity'::timestamp) > instants.from_at
    group by {{range .Keys}}instants.k_{{num .}}, {{end}}instants.event_at, instants.from_at
),

losing as (
    select distinct {{template "plain_keys" .Keys}}
    from groups
    where row_count = 0
),

growing as (
    select *
    from groups
    where ({{template "plain_keys" .Keys}}) not in (select ({{template "plain_keys" .Keys}}) from losing)
    qualify event_at = max(event_at) over (partition by {{template "plain_keys" .Keys}} order by from_at range between unbounded preceding and current row)
),

spans as (
    select
        *,
        lead(from_at) over (partition by {{template "plain_keys" .Keys}}, event_at order by from_at) as until_at,
    from groups
    where ({{template "plain_keys" .Keys}}) in (select ({{template "plain_keys" .Keys}}) from losing)
),

moments as (
    select distinct {{range .Keys}}k_{{num .}}, {{end}}from_at
    from spans
),

shrinking as (
    select
        {{range .Keys}}moments.k_{{num .}},
        {{end}}moments.from_at,
        spans.event_at,
        coalesce(spans.row_count, 0) as row_count,
        spans.schema_id,
        {{range .Values}}spans.v_{{num .}},
        coalesce(spans.m_{{num .}}, false) as m_{{num .}},
        {{end}}
    from moments
    left join spans
        on {{range .Keys}}spans.k_{{num .}} = moments.k_{{num .}} and {{end}}spans.from_at <= moments.from_at
        and coalesce(spans.until_at, 'infinity'::timestamp) > moments.from_at
        and spans.row_count > 0
    qualify row_number() over (partition by {{range $i, $k := .Keys}}{{if $i}}, {{end}}moments.k_{{num $k}}{{end}}, moments.from_at order by spans.event_at desc nulls last) = 1
),

states as (
    select {{range .Keys}}k_{{num .}}, {{end}}from_at, event_at, row_count, schema_id, {{range .Values}}v_{{num .}}, m_{{num .}}, {{end}} from growing
    union all
    select {{range .Keys}}k_{{num .}}, {{end}}from_at, event_at, row_count, schema_id, {{range .Values}}v_{{num .}}, m_{{num .}}, {{end}} from shrinking
)
{{else}}arrivals as (
    select
        {{range .Keys}}k_{{num .}},
        {{end}}event_at,
        known_at as from_at,
        count(*) as row_count,
        max(schema_id) as schema_id,
        {{range .Values}}max(v_{{num .}}) as v_{{num .}},
        min(v_{{num .}}) as low_{{num .}},
        count(v_{{num .}}) as n_{{num .}},
        {{end}}
    from visible
    group by {{template "plain_keys" .Keys}}, event_at, known_at
),

newest as (
    select *
    from arrivals
    qualify event_at = max(event_at) over (partition by {{template "plain_keys" .Keys}} order by from_at range between unbounded preceding and current row)
),

states as (
    select
        {{range .Keys}}k_{{num .}},
        {{end}}event_at,
        from_at,
        sum(row_count) over so_far as row_count,
        max(schema_id) over so_far as schema_id,
        {{range .Values}}max(v_{{num .}}) over so_far as v_{{num .}},
        coalesce(min(low_{{num .}}) over so_far <> max(v_{{num .}}) over so_far, false)
            or sum(n_{{num .}}) over so_far not in (0, sum(row_count) over so_far) as m_{{num .}},
        {{end}}
    from newest
    window so_far as (partition by {{template "plain_keys" .Keys}}, event_at order by from_at rows between unbounded preceding and current row)
)
{{end}}
select
    {{range .Keys}}states.k_{{num .}},
    {{end}}states.from_at,
    states.event_at as newest_at,
    cast(states.row_count as bigint) as row_count,
    states.schema_id,
    {{range .Values}}states.v_{{num .}},
    states.m_{{num .}},
    {{end}}
from states
