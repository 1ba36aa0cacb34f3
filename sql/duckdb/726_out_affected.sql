-- grain:   one row per prediction that a finding hits, in a Parquet file, ordered by predicted_at, then prediction_id
-- inputs:  int_affected
-- params:  $path VARCHAR; $features VARCHAR[]  the names of the features; $finding, $loop, $as_of, $cause, $node, $engine VARCHAR   for the footer
-- output:  prediction_id  VARCHAR
--          predicted_at   TIMESTAMP WITH TIME ZONE
--          model_version  VARCHAR  NULL where none
--          of each feature that the finding is about, <feature>_served and, where any row of it is put right, <feature>_corrected: as it should
--          have been served; as it was where it is not put right. Both are typed as the log has it
--          corrected_features  VARCHAR[]  those that were served otherwise than they should have been, in the loop file's order
--          score          DOUBLE   as logged
--          score_corrected  DOUBLE  as it should have been, by this finding alone; NULL where nothing is put right, or nothing tells
--          basis          VARCHAR  measured or distilled; NULL where there is no corrected score
copy (
    select
        prediction_id,
        predicted_at at time zone 'UTC' as predicted_at,
        nullif(version, '') as model_version,
        {{range .Features}}{{if .Instant}}f_{{num .Index}} at time zone 'UTC'{{else if .Type}}try_cast(f_{{num .Index}} as {{name .Type}}){{else}}f_{{num .Index}}{{end}} as {{ident .ServedName}},
        {{if .Mends}}{{if .Instant}}c_{{num .Index}} at time zone 'UTC'{{else if .Type}}try_cast(c_{{num .Index}} as {{name .Type}}){{else}}c_{{num .Index}}{{end}} as {{ident .CorrectedName}},
        {{end}}{{end}}list_filter(list_value({{range .Features}}{{if .Mends}}case when p_{{num .Index}} then ($features::varchar[])[{{num .Place}}] end, {{end}}{{end}}null::varchar), lambda feature: feature is not null) as corrected_features,
        score,
        score_corrected,
        basis,
    from int_affected
    order by int_affected.predicted_at, int_affected.prediction_id
) to $path (format parquet, compression zstd, kv_metadata {
    'plumbline.finding': $finding::varchar, 'plumbline.loop': $loop::varchar, 'plumbline.as_of': $as_of::varchar,
    'plumbline.cause': $cause::varchar, 'plumbline.node': $node::varchar, 'plumbline.version': $engine::varchar
})
