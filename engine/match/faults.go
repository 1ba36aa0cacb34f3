package match

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// check turns what the rows were like into faults: all of them at once.
func (t Tally) check(p *plan.Plan) error {
	l := p.Loop
	predictions, outcomes := p.Inventory.Predictions.Path, p.Inventory.Outcomes.Path
	var errs []error
	const zoneFix = "write instants with Z or an offset, or say timezone: in the loop file"
	if t.PredictionsNoZone > 0 {
		errs = append(errs, fault.Usage(predictions, zoneFix, "%d rows have an instant in text without a time zone", t.PredictionsNoZone))
	}
	if t.OutcomesNoZone > 0 {
		errs = append(errs, fault.Usage(outcomes, zoneFix, "%d rows have an instant in text without a time zone", t.OutcomesNoZone))
	}
	const invalidFix = "mend the rows, or raise max_invalid in the loop file"
	bad := t.Invalid + t.Undated
	if share(bad, t.Predictions+t.Undated) > l.MaxInvalid {
		errs = append(errs, fault.Data(predictions, invalidFix,
			"%d of %d prediction rows cannot be scored (%d without an instant; the others lack an id or known_at, or their score or weight is NULL, not finite or out of range): more than max_invalid %g",
			bad, t.Predictions+t.Undated, t.Undated, l.MaxInvalid))
	}
	if share(t.OutcomesInvalid, t.Outcomes) > l.MaxInvalid {
		errs = append(errs, fault.Data(outcomes, invalidFix,
			"%d of %d outcome rows cannot be used (no key or instant, or a value that is not finite or out of range): more than max_invalid %g",
			t.OutcomesInvalid, t.Outcomes, l.MaxInvalid))
	}
	if l.Predictions.Duplicates == loop.Reject && t.Superseded > 0 {
		errs = append(errs, fault.Data(predictions, "send each id once, or say duplicates: first or latest",
			"%d repeated deliveries, of id %q among others, and the loop file says duplicates: reject", t.Superseded, t.RepeatedID))
	}
	if l.Outcomes.Duplicates == loop.Reject && t.OutcomesRepeated > 0 {
		errs = append(errs, fault.Data(outcomes, "send each outcome once, or say duplicates: latest or first",
			"%d outcome keys have more than one row, (%s) for one, and the loop file says duplicates: reject", t.OutcomesRepeated, t.RepeatedKey))
	}
	return errors.Join(errs...)
}

// Notes says what was set aside though it did not fail the run.
func (t Tally) Notes() []string {
	var notes []string
	if t.Undated > 0 {
		notes = append(notes, fmt.Sprintf("undated_predictions: %d prediction rows have no instant and belong to no day", t.Undated))
	}
	if t.OutcomesInvalid > 0 {
		notes = append(notes, fmt.Sprintf("invalid_outcomes: %d of %d outcome rows were set aside", t.OutcomesInvalid, t.Outcomes))
	}
	return notes
}

func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// balance fails the run when a day's predictions are not each counted once.
func balance(ctx context.Context, db *warehouse.DB) error {
	var errs []error
	err := db.Query(ctx, "165_out_unbalanced", nil, nil, func(rows *sql.Rows) error {
		var day time.Time
		var predictions, parts int64
		if err := rows.Scan(&day, &predictions, &parts); err != nil {
			return err
		}
		errs = append(errs, fault.Data(day.Format(time.DateOnly), "report this with the loop file: the join itself is at fault",
			"%d predictions, but %d in the parts of the balance sheet", predictions, parts))
		return nil
	})
	return errors.Join(append(errs, err)...)
}
