-- grain:   one row per day, version, segments, fingerprint and age
-- inputs:  out_cells
-- params:  $layout_id VARCHAR
-- output:  rows of ledger.cells
insert into ledger.main.cells by name
select
    $layout_id::varchar as layout_id,
    out_cells.day,
    out_cells.version,
    out_cells.segments,
    out_cells.fingerprint,
    out_cells.age,
    out_cells.predictions,
    out_cells."rows",
    out_cells.weight,
    out_cells.loss,
    out_cells.score,
    out_cells.outcome,
    out_cells.score_sq,
    out_cells.outcome_sq,
    out_cells.score_outcome,
    out_cells.abs_error
from out_cells
order by out_cells.day, out_cells.version, out_cells.segments, out_cells.fingerprint, out_cells.age
