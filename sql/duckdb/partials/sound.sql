-- Whether a delivery can be scored: one rule for the rows that are read and for those of the same ids elsewhere. What
-- isfinite is for, 010_stg_predictions.sql says.

{{define "sound"}}prediction_id is not null
        and score is not null and isfinite(score) and {{if .Binary}}score between 0 and 1{{else}}abs(score) < 1e12{{end}}
        and known_at is not null
        and weight is not null and isfinite(weight) and weight >= 0 and weight < 1e12
{{- end}}
