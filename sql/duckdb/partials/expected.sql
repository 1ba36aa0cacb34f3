-- What repairing a prediction is expected to save, the outcome drawn from the repaired score: of the log loss its Kullback-Leibler
-- divergence from the served one; of squared losses the squared difference; 0 where a loss has no such mean.

{{define "expected"}}{{if eq .Loss "log_loss"}}greatest(0, {{template "bounded" "int_repaired"}} * ln({{template "bounded" "int_repaired"}} / {{template "bounded" "stg_predictions"}}) + (1 - {{template "bounded" "int_repaired"}}) * ln((1 - {{template "bounded" "int_repaired"}}) / (1 - {{template "bounded" "stg_predictions"}}))){{else if or (eq .Loss "brier") (eq .Loss "squared_error")}}(int_repaired.score - stg_predictions.score) * (int_repaired.score - stg_predictions.score){{else}}0{{end}}{{end}}
