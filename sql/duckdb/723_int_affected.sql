-- grain:   one row per prediction that a finding hits
-- inputs:  stg_predictions, int_values, int_replayed, int_mended_<mend>, int_hits, in_coalitions, int_repaired
-- params:  $tolerance_<i> DOUBLE (absolute), $relative_<i> DOUBLE of number features that are put right; $version VARCHAR[], $basis VARCHAR[]
--          what model versions are scored anew by, one entry each, where scores are
-- output:  prediction_id  VARCHAR
--          predicted_at   TIMESTAMP (UTC)
--          day      DATE
--          version  VARCHAR
--          score    DOUBLE   as logged
--          score_corrected  DOUBLE  with the features of this finding alone put right; NULL where nothing is, or nothing tells
--          basis    VARCHAR  measured or distilled; NULL where there is no corrected score
--          f_<i>    DOUBLE, VARCHAR or TIMESTAMP   feature i as served
--          c_<i>    the same as it should have been: as replayed, the default for null; as served where it is not put right
--          p_<i>    BOOLEAN  feature i is put right, and was served otherwise
create or replace temp table int_affected as
with served as (
    select
        int_hits.row_no,
        int_hits.mask,
        stg_predictions.prediction_id,
        stg_predictions.predicted_at,
        stg_predictions.day,
        stg_predictions.version,
        stg_predictions.score,
        {{range $f := .Features}}stg_predictions.f_{{num .Index}},
        {{if .Mends}}case of_{{num .Index}}.mend
            {{range .Mends}}when {{num .}} then coalesce({{if .}}int_mended_{{num .}}{{else}}int_replayed{{end}}.r_{{num $f.Index}}{{if $f.HasDefault}}, int_values.d_{{num $f.Index}}{{end}})
            {{end}}else stg_predictions.f_{{num .Index}}
        end as c_{{num .Index}},
        of_{{num .Index}}.mend is not null as asked_{{num .Index}},
        {{end}}{{end}}
    from int_hits
    join stg_predictions on stg_predictions.rowid = int_hits.row_no
    join int_values on int_values.row_no = int_hits.row_no
    join int_replayed on int_replayed.row_no = int_hits.row_no
    {{range .Mended}}left join int_mended_{{num .}} on int_mended_{{num .}}.row_no = int_hits.row_no
    {{end}}{{range .Features}}{{if .Mends}}left join in_coalitions as of_{{num .Index}} on of_{{num .Index}}.coalition = int_hits.coalition and of_{{num .Index}}.feature = {{num .Index}}
    {{end}}{{end}}
)
{{if .Scored}},

bases as (
    select unnest($version::varchar[]) as version, unnest($basis::varchar[]) as basis
)
{{end}}
select
    served.prediction_id,
    served.predicted_at,
    served.day,
    served.version,
    served.score,
    {{if .Scored}}case when bases.basis is not null then int_repaired.score end as score_corrected,
    case when int_repaired.score is not null then bases.basis end as basis,
    {{else}}null::double as score_corrected,
    null::varchar as basis,
    {{end}}{{range .Features}}served.f_{{num .Index}},
    {{if .Mends}}served.c_{{num .Index}},
    served.asked_{{num .Index}} and served.f_{{num .Index}} is distinct from served.c_{{num .Index}} and not {{template "near" .Near}} as p_{{num .Index}},
    {{end}}{{end}}
from served
{{if .Scored}}left join int_repaired on int_repaired.row_no = served.row_no and int_repaired.mask = served.mask
left join bases on bases.version = served.version
{{end}}
