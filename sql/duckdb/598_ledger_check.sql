-- grain:   one row per check that the ledger fails
-- inputs:  ledger.days, ledger.cells, ledger.histograms, ledger.seam_days, ledger.staleness_days, ledger.entity_days, ledger.layouts,
--          ledger.evaluations, ledger.finding_rows, ledger.attribution_terms, ledger.row_files, ledger.run_log
-- params:  none
-- output:  reason  VARCHAR
--          places  BIGINT   days, boundaries or files in which it fails
--          place   VARCHAR  the first of them
with cell_days as (
    select
        cells.day,
        sum(cells.predictions)::bigint as predictions,
        sum(cells."rows")::bigint as "rows",
    from ledger.main.cells
    group by cells.day
),

histogram_days as (
    select
        histograms.day,
        sum(histograms."rows")::bigint as "rows",
    from ledger.main.histograms
    where histograms.dimension = ''
    group by histograms.day
),

strays as (
    select distinct 'cells' as origin, cells.day from ledger.main.cells
    union all
    select distinct 'histograms' as origin, histograms.day from ledger.main.histograms
    union all
    select distinct 'seam_days' as origin, seam_days.day from ledger.main.seam_days
    union all
    select distinct 'staleness_days' as origin, staleness_days.day from ledger.main.staleness_days
    union all
    select distinct 'entity_days' as origin, entity_days.day from ledger.main.entity_days
    union all
    select distinct 'row_files' as origin, row_files.day from ledger.main.row_files
),

judged as (
    select distinct 'finding_rows' as origin, finding_rows.boundary from ledger.main.finding_rows
    union all
    select distinct 'attribution_terms' as origin, attribution_terms.boundary from ledger.main.attribution_terms
),

sums as (
    select
        attribution_terms.boundary,
        sum(attribution_terms.delta) as delta,
    from ledger.main.attribution_terms
    group by attribution_terms.boundary
),

failures as (
    select 'a day is there twice' as reason, days.day::varchar as place
    from ledger.main.days
    group by days.day
    having count(*) > 1
    union all
    select 'the balance of predictions does not add up' as reason, days.day::varchar as place
    from ledger.main.days
    where
        days.predictions is distinct from days.invalid + days.superseded + days.hindsight
            + days.matched + days.pending + days.missing
    union all
    select 'cells hold other predictions than the day''s balance' as reason, days.day::varchar as place
    from ledger.main.days
    left join cell_days on cell_days.day = days.day
    where coalesce(cell_days.predictions, 0) <> days.matched + days.pending + days.missing
    union all
    select 'cells hold other outcomes than the day''s balance' as reason, days.day::varchar as place
    from ledger.main.days
    left join cell_days on cell_days.day = days.day
    where coalesce(cell_days."rows", 0) <> days.matched
    union all
    select 'histograms of scores hold other outcomes than cells' as reason, cell_days.day::varchar as place
    from cell_days
    inner join histogram_days on histogram_days.day = cell_days.day
    where histogram_days."rows" <> cell_days."rows"
    union all
    select strays.origin || ' holds a day that is not there' as reason, strays.day::varchar as place
    from strays
    anti join ledger.main.days on days.day = strays.day
    union all
    select 'a day''s layout is not there' as reason, days.day::varchar as place
    from ledger.main.days
    anti join ledger.main.layouts on layouts.layout_id = days.layout_id
    where days.matched + days.pending + days.missing > 0
    union all
    select 'a cell has another layout than its day' as reason, cells.day::varchar as place
    from ledger.main.cells
    inner join ledger.main.days on days.day = cells.day
    where days.layout_id <> cells.layout_id
    group by cells.day
    union all
    select 'a cell has other segments than its day' as reason, cells.day::varchar as place
    from ledger.main.cells
    inner join ledger.main.days on days.day = cells.day
    where len(days.segment_names) <> len(cells.segments)
    group by cells.day
    union all
    select 'a cell is there twice' as reason, twice.day::varchar as place
    from (
        select cells.day
        from ledger.main.cells
        group by cells.day, cells.version, cells.segments, cells.fingerprint, cells.age
        having count(*) > 1
    ) as twice
    group by twice.day
    union all
    select 'a boundary is judged twice' as reason, evaluations.boundary::varchar as place
    from ledger.main.evaluations
    group by evaluations.boundary
    having count(*) > 1
    union all
    select 'an evaluation''s findings are no JSON' as reason, evaluations.boundary::varchar as place
    from ledger.main.evaluations
    where not coalesce(json_valid(evaluations.findings_json), false)
    union all
    select judged.origin || ' holds a boundary that is not judged' as reason, judged.boundary::varchar as place
    from judged
    anti join ledger.main.evaluations on evaluations.boundary = judged.boundary
    union all
    select 'the terms of an account do not add up to the change of the loss' as reason, evaluations.boundary::varchar as place
    from ledger.main.evaluations
    inner join sums on sums.boundary = evaluations.boundary
    where not coalesce(abs(evaluations.delta - sums.delta) <= 1e-8, false)
    union all
    select 'a row-level file is listed twice' as reason, row_files.name as place
    from ledger.main.row_files
    group by row_files.name
    having count(*) > 1
    union all
    select 'a run is there twice' as reason, run_log.run_id as place
    from ledger.main.run_log
    group by run_log.run_id
    having count(*) > 1
)

select
    failures.reason,
    count(*) as places,
    min(failures.place) as place,
from failures
group by failures.reason
order by failures.reason
