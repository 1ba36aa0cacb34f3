package ledger

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/report"
)

var evaluationStages = []string{
	"550_ledger_insert_evaluation",
	"551_ledger_insert_finding_rows",
	"552_ledger_insert_attribution_terms",
}

// Evaluation is one judgement at a boundary.
type Evaluation struct {
	Boundary attribution.Day
	Findings *report.Findings
	Details  []Detail // of its findings; not read back by Evaluations
}

// PutEvaluations writes evaluations in the place of what the ledger holds of their boundaries, each whole and in rows: its
// findings with their details, and the terms of its account. A boundary that the ledger holds as of a later instant is kept, and left out.
func (e *Edition) PutEvaluations(ctx context.Context, all []Evaluation) error {
	return e.change(func() error {
		var boundaries, asOf, texts []string
		for _, one := range all {
			if one.Findings == nil {
				return errors.New("ledger: no evaluation")
			}
			at := one.Boundary.Start().Format(time.DateOnly)
			var text bytes.Buffer
			encoder := json.NewEncoder(&text)
			encoder.SetEscapeHTML(false)
			if err := encoder.Encode(one.Findings); err != nil {
				return fmt.Errorf("evaluation at %s: %w", at, err)
			}
			boundaries, asOf, texts = append(boundaries, at), append(asOf, one.Findings.AsOf), append(texts, string(bytes.TrimSpace(text.Bytes())))
		}
		if len(all) == 0 {
			return nil
		}
		given := map[string]any{"boundaries": boundaries, "as_of": asOf, "findings": texts}
		if err := e.db.Run(ctx, "538_int_evaluations", nil, given); err != nil {
			return err
		}
		for _, table := range []string{"finding_rows", "proof_rows", "finding_days", "attribution_terms", "evaluations"} {
			if err := e.db.Run(ctx, "549_ledger_delete_boundaries", map[string]any{"Table": table}, nil); err != nil {
				return err
			}
		}
		for _, stage := range evaluationStages {
			if err := e.db.Run(ctx, stage, nil, nil); err != nil {
				return err
			}
		}
		return e.putDetails(ctx, all)
	})
}

// Evaluations gives the evaluations at boundaries in [from, to), in order.
func (c *Contents) Evaluations(ctx context.Context, from, to attribution.Day) ([]Evaluation, error) {
	var all []Evaluation
	err := c.db.Query(ctx, "573_ledger_read_evaluations", nil, between(from, to), func(rows *sql.Rows) error {
		e := Evaluation{Findings: &report.Findings{}}
		var text string
		if err := rows.Scan(&e.Boundary, &text); err != nil {
			return err
		}
		all = append(all, e)
		return json.Unmarshal([]byte(text), e.Findings)
	})
	return all, c.unreadable(ctx, err)
}
