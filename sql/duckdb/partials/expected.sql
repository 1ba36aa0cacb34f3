-- What repairing a prediction is expected to save, the outcome drawn from the repaired score: of the log loss its Kullback-Leibler
-- divergence from the served one; of squared losses the squared difference; 0 where a loss has no such mean.

{{define "expected"}}{{if eq .Loss "log_loss"}}greatest(0, {{template "clipped" "repaired"}} * ln({{template "clipped" "repaired"}} / {{template "clipped" "served"}}) + (1 - {{template "clipped" "repaired"}}) * ln((1 - {{template "clipped" "repaired"}}) / (1 - {{template "clipped" "served"}}))){{else if or (eq .Loss "brier") (eq .Loss "squared_error")}}(int_repaired.score - stg_predictions.score) * (int_repaired.score - stg_predictions.score){{else}}0{{end}}{{end}}

{{define "clipped"}}least(greatest({{if eq . "repaired"}}int_repaired{{else}}stg_predictions{{end}}.score, 1e-15), 1 - 1e-15){{end}}
