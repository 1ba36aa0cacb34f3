-- grain:   one row per day, dimension and level of it: how well its rows were predicted
-- inputs:  days, cells, layouts, histograms
-- params:  none
-- output:  day              DATE     UTC day of the predictions
--          dimension        VARCHAR  segment column or condition; empty: all rows
--          level            VARCHAR  value of the segment or level of the condition; empty for all rows
--          rows             BIGINT   predictions with an outcome, as far as known
--          weight           DOUBLE   of these
--          mean_loss        DOUBLE   over rows, weighted as all that follows, in the loop's unit
--          base_rate        DOUBLE   mean outcome
--          mean_score       DOUBLE   mean score
--          brier            DOUBLE   mean squared difference of score and outcome; NULL in a regression
--          auc              DOUBLE   share of pairs of a positive and a negative row in which the positive scores higher, from 256 bins of scores, a tie a half; NULL in a regression, and for what no scores are kept of: the first level of a condition, and what is told by staleness, schema or outcome
--          auc_error_bound  DOUBLE   how far auc can be from that of the scores themselves
--          accuracy         DOUBLE   share of rows predicted right where a score of one half and more says 1; NULL as auc is
--          precision        DOUBLE   of rows with such a score, the share whose outcome is 1
--          recall           DOUBLE   of rows whose outcome is 1, the share with such a score
--          f1               DOUBLE   harmonic mean of precision and recall
--          mae              DOUBLE   mean absolute difference of score and outcome; NULL unless a regression, as all that follows
--          rmse             DOUBLE   square root of the mean squared difference
--          bias             DOUBLE   mean score less mean outcome
--          abs_error_p50    DOUBLE   half of the rows are off by no more than this, to a sixteenth of a doubling above; NULL for what no scores are kept of too, as what follows
--          abs_error_p90    DOUBLE   nine tenths are
--          abs_error_p99    DOUBLE   ninety-nine hundredths are
create or replace view ledger.main.metrics as
with {{template "level_cells"}},

segments as (
    select
        cells.day,
        unnest(days.segment_names) as dimension,
        unnest(cells.segments) as level,
        cells.* exclude (day, layout_id, version, segments, fingerprint, age)
    from main.cells
    inner join main.days on days.day = cells.day
),

parts as (
    select cells.day, '' as dimension, '' as level, cells.* exclude (day, layout_id, version, segments, fingerprint, age) from main.cells
    union all by name
    select * from segments
    union all by name
    select named.day, named.condition as dimension, named.level, named.* exclude (day, condition, level) from named
),

sums as (
    select
        parts.day,
        parts.dimension,
        parts.level,
        sum(parts."rows") as "rows",
        sum(parts.weight)::double as weight,
        sum(parts.loss)::double as loss,
        sum(parts.outcome)::double as outcome,
        sum(parts.score)::double as score,
        (sum(parts.score_sq) - sum(parts.score_outcome) - sum(parts.score_outcome) + sum(parts.outcome_sq))::double as squares,
        sum(parts.abs_error)::double as abs_error
    from parts
    group by parts.day, parts.dimension, parts.level
    having sum(parts.weight) > 0
),

bins as (
    select
        histograms.day,
        histograms.dimension,
        histograms.level,
        histograms.bin,
        histograms.weight,
        histograms.positives,
        histograms.weight - histograms.positives as negatives,
        sum(histograms.weight) over so_far::double as up_to,
        sum(histograms.weight - histograms.positives) over so_far::double as negatives_up_to
    from main.histograms
    window so_far as (
        partition by histograms.day, histograms.dimension, histograms.level
        order by histograms.bin
        rows between unbounded preceding and current row
    )
),

scored as (
    select
        bins.day,
        bins.dimension,
        bins.level,
        sum(bins.weight)::double as weight,
        sum(bins.positives)::double as positives,
        sum(bins.negatives)::double as negatives,
        sum(bins.positives::double * (bins.negatives_up_to - bins.negatives::double / 2) order by bins.bin) as above,
        sum(bins.positives::double * bins.negatives::double order by bins.bin) / 2 as tied,
        coalesce(sum(bins.weight) filter (where bins.bin >= 128), 0)::double as alarms,
        coalesce(sum(bins.positives) filter (where bins.bin >= 128), 0)::double as hits
    from bins
    group by bins.day, bins.dimension, bins.level
),

errors as (
    select
        bins.day,
        bins.dimension,
        bins.level,
        {{range $i, $p := .Percents}}{{if $i}},
        {{end}}min(bins.bin) filter (where bins.up_to >= scored.weight * {{num $p}} / 100) as bin_{{num $p}}{{end}}
    from bins
    inner join scored on scored.day = bins.day and scored.dimension = bins.dimension and scored.level = bins.level
    group by bins.day, bins.dimension, bins.level
)

select
    sums.day,
    sums.dimension,
    sums.level,
    sums."rows"::bigint as "rows",
    sums.weight,
    sums.loss / sums.weight as mean_loss,
    sums.outcome / sums.weight as base_rate,
    sums.score / sums.weight as mean_score,
    {{if .Binary}}sums.squares / sums.weight as brier,
    scored.above / nullif(scored.positives * scored.negatives, 0) as auc,
    scored.tied / nullif(scored.positives * scored.negatives, 0) as auc_error_bound,
    (scored.weight - scored.positives - scored.alarms + 2 * scored.hits) / nullif(scored.weight, 0) as accuracy,
    scored.hits / nullif(scored.alarms, 0) as precision,
    scored.hits / nullif(scored.positives, 0) as recall,
    2 * scored.hits / nullif(scored.alarms + scored.positives, 0) as f1,
    null::double as mae,
    null::double as rmse,
    null::double as bias,
    null::double as abs_error_p50,
    null::double as abs_error_p90,
    null::double as abs_error_p99
    {{else}}null::double as brier,
    null::double as auc,
    null::double as auc_error_bound,
    null::double as accuracy,
    null::double as precision,
    null::double as recall,
    null::double as f1,
    sums.abs_error / sums.weight as mae,
    sqrt(greatest(sums.squares / sums.weight, 0)) as rmse,
    (sums.score - sums.outcome) / sums.weight as bias{{range .Percents}},
    case when errors.bin_{{num .}} = -32768 then 0 else pow(2, (errors.bin_{{num .}} + 1) / 16) end as abs_error_p{{num .}}{{end}}
    {{end}}
from sums
left join scored on scored.day = sums.day and scored.dimension = sums.dimension and scored.level = sums.level
{{if not .Binary}}left join errors on errors.day = sums.day and errors.dimension = sums.dimension and errors.level = sums.level
{{end}}