-- grain:   one row per boundary
-- inputs:  int_evaluations
-- params:  none
-- output:  rows of ledger.evaluations
insert into ledger.main.evaluations by name
with evaluation as (
    select
        int_evaluations.boundary,
        int_evaluations.as_of,
        int_evaluations.matched,
        int_evaluations.findings,
        from_json(int_evaluations.findings::json, '{
        "verdict": "VARCHAR",
        "retrain": "BOOLEAN",
        "loss": {"baseline": "DOUBLE", "current": "DOUBLE", "delta": "DOUBLE", "ci95": ["DOUBLE"]},
        "integrity": {"baseline": "DOUBLE", "current": "DOUBLE"},
        "summary": "VARCHAR"
    }') as item
    from int_evaluations
)

select
    boundary,
    as_of,
    item.verdict,
    item.retrain,
    item.loss.baseline as baseline_loss,
    item.loss.current as current_loss,
    item.loss.delta,
    item.loss.ci95[1] as ci_low,
    item.loss.ci95[2] as ci_high,
    item.integrity.baseline as integrity_baseline,
    item.integrity.current as integrity_current,
    matched,
    item.summary,
    findings as findings_json
from evaluation
