-- grain:   one row per boundary and term of its account
-- inputs:  int_evaluations
-- params:  none
-- output:  rows of ledger.attribution_terms
insert into ledger.main.attribution_terms by name
with listed as (
    select
        int_evaluations.boundary,
        from_json(int_evaluations.findings::json -> 'attribution', '[{
        "to": "VARCHAR", "finding": "VARCHAR", "delta": "DOUBLE", "ci95": ["DOUBLE"], "share": "DOUBLE", "basis": "VARCHAR",
        "fidelity": "DOUBLE", "bounds": {"lower": "DOUBLE", "upper": "DOUBLE"}, "uncertainty": "DOUBLE",
        "calibration": "DOUBLE", "resolution": "DOUBLE", "rollout": "DOUBLE", "within_version": "DOUBLE"
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
    item."to" as term,
    item.finding,
    item.delta,
    item.ci95[1] as ci_low,
    item.ci95[2] as ci_high,
    item.share,
    item.basis,
    item.fidelity,
    item.bounds.lower as bound_lower,
    item.bounds.upper as bound_upper,
    item.uncertainty,
    item.calibration,
    item.resolution,
    item.rollout,
    item.within_version
from numbered
order by boundary, position
