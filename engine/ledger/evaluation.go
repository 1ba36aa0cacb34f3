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

// kept is an evaluation as it is written: without which run made it, the instant as of which it is, and the counts of its day, which are in
// columns that later runs bring up to date.
type kept struct {
	*report.Findings
	RunID    *string        `json:"run_id,omitempty"`
	AsOf     *string        `json:"as_of,omitempty"`
	Outcomes *report.Counts `json:"outcomes,omitempty"`
}

// PutEvaluations writes evaluations in the place of what the ledger holds of their boundaries, each whole and in rows: its
// findings with their details, and the terms of its account. A boundary that the ledger holds as of a later instant is kept, and left out.
func (e *Edition) PutEvaluations(ctx context.Context, all []Evaluation) error {
	return e.change(func() error {
		var boundaries, asOf, texts []string
		var matched []int64
		for _, one := range all {
			if one.Findings == nil {
				return errors.New("ledger: no evaluation")
			}
			at := one.Boundary.Start().Format(time.DateOnly)
			var text bytes.Buffer
			encoder := json.NewEncoder(&text)
			encoder.SetEscapeHTML(false)
			if err := encoder.Encode(kept{Findings: one.Findings}); err != nil {
				return fmt.Errorf("evaluation at %s: %w", at, err)
			}
			boundaries, asOf, texts = append(boundaries, at), append(asOf, one.Findings.AsOf), append(texts, string(bytes.TrimSpace(text.Bytes())))
			matched = append(matched, one.Findings.Outcomes.Matched)
		}
		if len(all) == 0 {
			return nil
		}
		given := map[string]any{"boundaries": boundaries, "as_of": asOf, "matched": matched, "findings": texts}
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

// Evaluations gives the evaluations at boundaries in [from, to), in order. Which run made them is not known.
func (c *Contents) Evaluations(ctx context.Context, from, to attribution.Day) ([]Evaluation, error) {
	var all []Evaluation
	err := c.db.Query(ctx, "573_ledger_read_evaluations", nil, between(from, to), func(rows *sql.Rows) error {
		e := Evaluation{Findings: &report.Findings{}}
		var text string
		var asOf time.Time
		var n report.Counts
		if err := rows.Scan(append([]any{&e.Boundary, &asOf, &text}, counters(&n)...)...); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), e.Findings); err != nil {
			return err
		}
		e.Findings.RunID, e.Findings.AsOf, e.Findings.Outcomes = "", asOf.UTC().Format(time.RFC3339Nano), n
		all = append(all, e)
		return nil
	})
	return all, c.unreadable(ctx, err)
}
