-- The ledger's cells by condition and level: named, one row per day, condition, level and layout, with the sums of cells.

{{define "level_cells"}}fingerprints as (
    select
        cells.day,
        cells.layout_id,
        cells.fingerprint,
        sum(cells.predictions) as predictions,
        sum(cells."rows") as "rows",
        sum(cells.weight) as weight,
        sum(cells.loss) as loss,
        sum(cells.score) as score,
        sum(cells.outcome) as outcome,
        sum(cells.score_sq) as score_sq,
        sum(cells.outcome_sq) as outcome_sq,
        sum(cells.score_outcome) as score_outcome,
        sum(cells.abs_error) as abs_error
    from main.cells
    group by cells.day, cells.layout_id, cells.fingerprint
),

conditions as (
    select distinct
        layouts.layout_id,
        layouts.condition,
        layouts.kind,
        layouts.word,
        layouts.shift,
        layouts.bits
    from main.layouts
),

codes as (
    select
        fingerprints.day,
        fingerprints.layout_id,
        conditions.condition,
        conditions.kind,
        ((fingerprints.fingerprint[conditions.word + 1] >> conditions.shift::ubigint)
            & ((1::ubigint << conditions.bits::ubigint) - 1))::integer as level_code,
        sum(columns(fingerprints.* exclude (day, layout_id, fingerprint)))
    from fingerprints
    inner join conditions on conditions.layout_id = fingerprints.layout_id
    group by fingerprints.day, fingerprints.layout_id, conditions.condition, conditions.kind, level_code
),

named as (
    select
        codes.day,
        codes.condition,
        coalesce(
            layouts.level,
            case when codes.kind = 'schema' then format('{:04x}', codes.level_code) else 'level ' || codes.level_code end
        ) as level,
        codes.* exclude (day, layout_id, condition, kind, level_code)
    from codes
    left join main.layouts
        on layouts.layout_id = codes.layout_id
        and layouts.condition = codes.condition
        and layouts.level_code = codes.level_code
){{end}}
