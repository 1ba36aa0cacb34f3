package ledger

import (
	"context"
	"database/sql"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/report"
)

// Detail is what the ledger keeps of a finding beside its row: predictions that show it, and its days.
type Detail struct {
	Finding string // its id
	Proof   []report.ProofRow
	Days    []attribution.DayShare // ascending
}

type proofRow struct {
	Boundary     string  `json:"boundary"`
	Finding      string  `json:"finding"`
	Place        int     `json:"place"`
	PredictionID string  `json:"prediction_id"`
	Key          string  `json:"key"`
	Instant      string  `json:"instant"`
	Feature      string  `json:"feature"`
	Declared     *string `json:"declared"`
	Served       *string `json:"served"`
	Replayed     *string `json:"replayed"`
	Hypothesis   *string `json:"hypothesis"`
}

type findingDay struct {
	Boundary string  `json:"boundary"`
	Finding  string  `json:"finding"`
	Day      string  `json:"day"`
	Rows     int64   `json:"rows"`
	Share    float64 `json:"share"`
}

// putDetails writes what belongs to the findings of the evaluations that are being written: int_evaluations lists them.
func (e *Edition) putDetails(ctx context.Context, all []Evaluation) error {
	rows, days := []proofRow{}, []findingDay{}
	for i := range all {
		boundary := all[i].Boundary.Start().Format(time.DateOnly)
		for _, d := range all[i].Details {
			for n, p := range d.Proof {
				one := proofRow{Boundary: boundary, Finding: d.Finding, Place: n + 1, PredictionID: p.PredictionID, Key: p.Key,
					Instant: p.Instant.UTC().Format(time.RFC3339Nano), Feature: p.Feature, Declared: p.Declared, Served: p.Served, Replayed: p.Replayed}
				if p.Hypothesis != "" {
					one.Hypothesis = &p.Hypothesis
				}
				rows = append(rows, one)
			}
			for _, at := range d.Days {
				days = append(days, findingDay{boundary, d.Finding, at.Day.Start().Format(time.DateOnly), at.Rows, at.Share})
			}
		}
	}
	if err := e.insert(ctx, "553_ledger_insert_proof_rows", rows, nil); err != nil {
		return err
	}
	return e.insert(ctx, "554_ledger_insert_finding_days", days, nil)
}

// KnownFinding is a finding that the ledger holds.
type KnownFinding struct {
	ID, Cause, Node string
	Last            attribution.Day // the last boundary whose evaluation holds it
}

// KnownFindings lists the findings of all evaluations, ordered by id.
func (c *Contents) KnownFindings(ctx context.Context) ([]KnownFinding, error) {
	var all []KnownFinding
	err := c.db.Query(ctx, "578_ledger_read_known_findings", nil, nil, func(rows *sql.Rows) error {
		var k KnownFinding
		err := rows.Scan(&k.ID, &k.Cause, &k.Node, &k.Last)
		all = append(all, k)
		return err
	})
	return all, c.unreadable(ctx, err)
}

// Newest is the last boundary that the ledger holds an evaluation of; false where it holds none.
func (c *Contents) Newest(ctx context.Context) (attribution.Day, bool, error) {
	var at *attribution.Day
	err := c.db.Query(ctx, "589_ledger_read_newest_boundary", nil, nil, func(rows *sql.Rows) error { return rows.Scan(&at) })
	if err != nil || at == nil {
		return 0, false, c.unreadable(ctx, err)
	}
	return *at, true, nil
}

// Detail gives what the ledger keeps of a finding at a boundary; it is empty for evaluations of ledgers before version 2.
func (c *Contents) Detail(ctx context.Context, boundary attribution.Day, finding string) (Detail, error) {
	d := Detail{Finding: finding}
	params := map[string]any{"boundary": boundary.Start(), "finding": finding}
	err := c.db.Query(ctx, "579_ledger_read_proof_rows", nil, params, func(rows *sql.Rows) error {
		var p report.ProofRow
		var hypothesis sql.NullString
		err := rows.Scan(&p.PredictionID, &p.Key, &p.Instant, &p.Feature, &p.Declared, &p.Served, &p.Replayed, &hypothesis)
		p.Instant, p.Hypothesis = p.Instant.UTC(), hypothesis.String
		d.Proof = append(d.Proof, p)
		return err
	})
	if err != nil {
		return d, c.unreadable(ctx, err)
	}
	err = c.db.Query(ctx, "588_ledger_read_finding_days", nil, params, func(rows *sql.Rows) error {
		var one attribution.DayShare
		err := rows.Scan(&one.Day, &one.Rows, &one.Share)
		d.Days = append(d.Days, one)
		return err
	})
	return d, c.unreadable(ctx, err)
}
