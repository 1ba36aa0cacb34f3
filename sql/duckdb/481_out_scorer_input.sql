-- grain:   one row per prediction that the scorer is to score, in a Parquet file
-- inputs:  stg_predictions, int_values, int_replayed, int_mended_<mend>, int_scorer_rows
-- params:  $path VARCHAR
-- output:  prediction_id  VARCHAR
--          predicted_at  TIMESTAMP, model_version  VARCHAR   where no feature is named so
--          each feature under its name: as it was served or, where it is repaired, as it is replayed, the default for null
--          with .Nothing no row, of prediction_id and score
copy (
    {{if .Nothing}}select '' as prediction_id, 0.5::double as score
    limit 0{{else}}select
        int_scorer_rows.prediction_id,
        {{if .Instants}}stg_predictions.predicted_at,
        {{end}}{{if .Versions}}stg_predictions.version as model_version,
        {{end}}{{range .Inputs}}{{if .Boolean}}cast({{end}}{{if .Repaired}}coalesce({{if .Mend}}int_mended_{{num .Mend}}{{else}}int_replayed{{end}}.r_{{num .Index}}{{if .HasDefault}}, int_values.d_{{num .Index}}{{end}}){{else}}stg_predictions.f_{{num .Index}}{{end}}{{if .Boolean}} as boolean){{end}} as {{ident .Name}},
        {{end}}
    from int_scorer_rows
    join stg_predictions on stg_predictions.rowid = int_scorer_rows.row_no
    join int_values on int_values.row_no = int_scorer_rows.row_no
    join int_replayed on int_replayed.row_no = int_scorer_rows.row_no
    {{range .Mends}}join int_mended_{{num .}} on int_mended_{{num .}}.row_no = int_scorer_rows.row_no
    {{end}}    order by int_scorer_rows.prediction_id{{end}}
) to $path (format parquet, compression zstd)
