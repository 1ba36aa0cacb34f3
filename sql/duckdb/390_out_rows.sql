-- grain:   one row per chosen prediction of a UTC day that is not hindsight, in a Parquet file
-- inputs:  stg_predictions, int_matched, int_replayed, int_fingerprints
-- params:  $day DATE, $path VARCHAR
-- output:  prediction_id, predicted_at, features_at, version, score, state, outcome
--          segments VARCHAR[], fingerprint UBIGINT[]
--          served_<i>, replayed_<i> of each replayed feature, i as in the loop file's order
copy (
    select
        stg_predictions.prediction_id,
        stg_predictions.predicted_at,
        stg_predictions.features_at,
        stg_predictions.version,
        stg_predictions.score,
        int_matched.state,
        case when int_matched.state = 'matched' then int_matched.outcome end as outcome,
        int_fingerprints.segments,
        int_fingerprints.fingerprint,
        {{range .Replayed}}stg_predictions.f_{{num .}} as served_{{num .}},
        int_replayed.r_{{num .}} as replayed_{{num .}},
        {{end}}
    from int_fingerprints
    join stg_predictions on stg_predictions.rowid = int_fingerprints.row_no
    join int_matched on int_matched.row_no = int_fingerprints.row_no
    join int_replayed on int_replayed.row_no = int_fingerprints.row_no
    where int_fingerprints.day = $day::date
    order by stg_predictions.prediction_id
) to $path (format parquet, compression zstd)
