-- Predictions with the outcome that first became known of them.

{{define "first_outcomes"}}from int_matched
join stg_predictions on stg_predictions.rowid = int_matched.row_no
join int_outcome_instants
    on {{range .OutcomeKeys}}int_outcome_instants.o_{{num .Index}} = stg_predictions.o_{{num .Index}} and {{end}}int_outcome_instants.known_at = int_matched.first_known{{end}}
