-- grain:   one row per boundary and finding
-- inputs:  int_evaluations
-- params:  none
-- output:  rows of ledger.finding_rows
insert into ledger.main.finding_rows by name
with listed as (
    select
        int_evaluations.boundary,
        from_json(int_evaluations.findings::json -> 'findings', '[{
        "id": "VARCHAR", "severity": "VARCHAR", "state": "VARCHAR", "standing": "BOOLEAN", "cause": "VARCHAR",
        "parameters": "JSON", "node": "VARCHAR", "sources": ["VARCHAR"], "features": ["VARCHAR"],
        "also_differs": ["VARCHAR"], "supersedes": ["VARCHAR"], "job": "VARCHAR", "owner": "VARCHAR",
        "onset": "VARCHAR", "end": "VARCHAR", "episodes": "JSON", "rows": "BIGINT", "row_share": "DOUBLE",
        "excess_loss": "DOUBLE", "ci95": ["DOUBLE"], "q": "DOUBLE", "share": "DOUBLE", "expected_cost": "DOUBLE",
        "recovered": "DOUBLE", "tier": "VARCHAR", "proven": "BOOLEAN",
        "proof": {"explains": "DOUBLE", "chance": "DOUBLE", "runner_up": "DOUBLE", "rows": "BIGINT", "distinct": "BIGINT"},
        "evidence": ["VARCHAR"], "action": "VARCHAR"
    }]') as items
    from int_evaluations
),

numbered as (
    select
        boundary,
        unnest(items) as item,
        generate_subscripts(items, 1)::integer as position
    from listed
)

select
    boundary,
    position,
    item.id,
    item.severity,
    item.state,
    item.standing,
    item.cause,
    item.parameters::varchar as parameters,
    item.node,
    item.sources,
    item.features,
    item.also_differs,
    item.supersedes,
    item.job,
    item.owner,
    nullif(item.onset, '')::timestamptz at time zone 'UTC' as onset,
    item."end"::timestamptz at time zone 'UTC' as end_at,
    item.episodes::varchar as episodes,
    item."rows",
    item.row_share,
    item.excess_loss,
    item.ci95[1] as ci_low,
    item.ci95[2] as ci_high,
    item.q,
    item.share,
    item.expected_cost,
    item.recovered,
    item.tier,
    item.proven,
    item.proof.explains,
    item.proof.chance,
    item.proof.runner_up,
    item.proof."rows" as proof_rows,
    item.proof."distinct" as proof_distinct,
    item.evidence,
    item.action
from numbered
order by boundary, position
