package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/fingerprint"
	"github.com/plumbline-data/plumbline/engine/report"
)

// Replacement is what ReplaceDays must know beside the tables that the run hands over.
type Replacement struct {
	AsOf     time.Time           // the instant at which the world was looked at
	Layout   *fingerprint.Layout // of the fingerprints in out_cells
	Segments []string            // segment columns, in the order of out_cells.segments
	Spared   []attribution.Day   // days that are handed over and not to be put: what the ledger holds of them stays
}

// dayTables are the tables that hold a day's rows under its day.
var dayTables = []string{"days", "cells", "histograms", "seam_days", "staleness_days", "entity_days"}

// handedOver are the tables in which a run hands its days over.
var handedOver = []string{"out_counts", "out_domain_digests", "out_cells", "out_histograms", "out_seams", "out_staleness", "out_entities"}

// ReplaceDays puts the days that the run hands over in the place of what the ledger holds of them; a day in out_counts
// alone leaves nothing but its counts. The run hands over these tables of the connection:
//
//	out_counts      day DATE, closed BOOLEAN, and BIGINT predictions, invalid, superseded, hindsight, matched, pending,
//	                missing, late, repeated, corrected, duplicated, withdrawn, orphans; one row per day
//	out_domain_digests  day DATE, domain_digest VARCHAR; at most one row per day
//	out_cells       day DATE, version VARCHAR, segments VARCHAR[], fingerprint UBIGINT[], age SMALLINT, predictions BIGINT,
//	                "rows" BIGINT, and DECIMAL(38,9) weight, loss, score, outcome, score_sq, outcome_sq, score_outcome, abs_error
//	out_histograms  day DATE, dimension VARCHAR, level VARCHAR, bin SMALLINT, "rows" BIGINT, weight, positives DECIMAL(38,9)
//	out_seams       day DATE, source VARCHAR, feature VARCHAR, and BIGINT "rows", agree, null_rows, default_rows, differs, ambiguous
//	out_staleness   day DATE, source_join VARCHAR, bin INTEGER, "rows" BIGINT, max_s BIGINT
//	out_entities    day DATE, age SMALLINT, entity_group INTEGER, and DECIMAL(38,9) weight, loss
//
// Days whose balance does not add up, or that out_counts lacks, are refused. Days that the ledger holds as of a later
// instant are kept, and taken out of these tables: a backfill never sets a day back.
func (e *Edition) ReplaceDays(ctx context.Context, r Replacement) error {
	return e.change(func() error { return e.replaceDays(ctx, r) })
}

func (e *Edition) replaceDays(ctx context.Context, r Replacement) error {
	if r.Layout == nil {
		return errors.New("ledger: no layout")
	}
	if err := e.checkDays(ctx); err != nil {
		return err
	}
	for _, table := range handedOver {
		if err := e.db.Run(ctx, "609_ledger_spare_days", map[string]any{"Table": table}, map[string]any{"days": dates(r.Spared)}); err != nil {
			return err
		}
		if err := e.db.Run(ctx, "529_ledger_keep_newer", map[string]any{"Table": table}, map[string]any{"as_of": r.AsOf}); err != nil {
			return err
		}
	}
	for _, table := range dayTables {
		if err := e.db.Run(ctx, "531_ledger_delete_days", map[string]any{"Table": table}, nil); err != nil {
			return err
		}
	}
	segments := slices.Concat([]string{}, r.Segments)
	if err := e.putLayout(ctx, r.Layout); err != nil {
		return err
	}
	for _, insert := range []struct {
		stage  string
		params map[string]any
	}{
		{"532_ledger_insert_days", map[string]any{"as_of": r.AsOf, "layout_id": r.Layout.ID, "segment_names": segments}},
		{"533_ledger_insert_cells", map[string]any{"layout_id": r.Layout.ID}},
		{"534_ledger_insert_histograms", nil},
		{"535_ledger_insert_seam_days", nil},
		{"536_ledger_insert_staleness_days", nil},
		{"593_ledger_insert_entity_days", nil},
	} {
		if err := e.db.Run(ctx, insert.stage, nil, insert.params); err != nil {
			return err
		}
	}
	return nil
}

func (e *Edition) checkDays(ctx context.Context) error {
	var reasons []string
	err := e.db.Query(ctx, "530_ledger_check_days", nil, nil, func(rows *sql.Rows) error {
		var reason string
		var day sql.NullString
		if err := rows.Scan(&reason, &day); err != nil {
			return err
		}
		if !day.Valid {
			day.String = "no day"
		}
		reasons = append(reasons, reason+" ("+day.String+")")
		return nil
	})
	if err == nil && len(reasons) > 0 {
		err = fmt.Errorf("ledger: days cannot be taken in: %s", strings.Join(reasons, "; "))
	}
	return err
}

// empty removes all rows of a table.
func (c *Contents) empty(ctx context.Context, table string) error {
	return c.db.Run(ctx, "509_ledger_empty", map[string]any{"Table": table}, nil)
}

// DayRow is a day that the ledger holds.
type DayRow struct {
	Day          attribution.Day
	AsOf         time.Time
	Closed       bool // the day was over at AsOf
	LayoutID     string
	Segments     []string // segment columns
	DomainDigest string
	Counts       report.Counts
}

// Days gives the days in [from, to) that the ledger holds, in order.
func (c *Contents) Days(ctx context.Context, from, to attribution.Day) ([]DayRow, error) {
	var days []DayRow
	err := c.db.Query(ctx, "569_ledger_read_days", nil, between(from, to), func(rows *sql.Rows) error {
		var d DayRow
		var segments string
		var digest sql.NullString
		into := append([]any{&d.Day, &d.AsOf, &d.Closed, &d.LayoutID, &segments, &digest}, counters(&d.Counts)...)
		if err := rows.Scan(into...); err != nil {
			return err
		}
		d.DomainDigest = digest.String
		if err := json.Unmarshal([]byte(segments), &d.Segments); err != nil {
			return fmt.Errorf("segment columns: %w", err)
		}
		days = append(days, d)
		return nil
	})
	return days, c.unreadable(ctx, err)
}

// counters are the places of counts, in the order in which stages give them.
func counters(n *report.Counts) []any {
	return []any{&n.Predictions, &n.Invalid, &n.Superseded, &n.Hindsight, &n.Matched, &n.Pending, &n.Missing,
		&n.Late, &n.Repeated, &n.Corrected, &n.Duplicated, &n.Withdrawn, &n.Orphans}
}

// between binds a half-open range of days.
func between(from, to attribution.Day) map[string]any {
	return map[string]any{"from": from.Start(), "to": to.Start()}
}
