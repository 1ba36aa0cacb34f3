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

// PutEvaluation writes the evaluation at a boundary in the place of what the ledger holds of it, whole and in rows: its
// findings and the terms of its account.
func (e *Edition) PutEvaluation(ctx context.Context, boundary attribution.Day, f *report.Findings) error {
	return e.change(func() error {
		if f == nil {
			return errors.New("ledger: no evaluation")
		}
		var text bytes.Buffer
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(f); err != nil {
			return fmt.Errorf("evaluation at %s: %w", boundary.Start().Format(time.DateOnly), err)
		}
		at := map[string]any{"boundary": boundary.Start()}
		for _, table := range []string{"evaluations", "finding_rows", "attribution_terms"} {
			if err := e.db.Run(ctx, "549_ledger_delete_boundary", map[string]any{"Table": table}, at); err != nil {
				return err
			}
		}
		params := map[string]any{"boundary": boundary.Start(), "findings": string(bytes.TrimSpace(text.Bytes()))}
		for _, stage := range evaluationStages {
			if err := e.db.Run(ctx, stage, nil, params); err != nil {
				return err
			}
		}
		return nil
	})
}

// Evaluation is one judgement at a boundary.
type Evaluation struct {
	Boundary attribution.Day
	Findings *report.Findings
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
