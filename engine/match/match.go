// Package match meets predictions with outcomes: which delivery of a prediction counts, what is known of its outcome as
// of an instant, and whether the outcome is there, still awaited, or missing.
package match

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Span says which rows a run works on. All bounds are UTC midnights but AsOf; intervals are half-open.
type Span struct {
	ReadFrom, ReadTo time.Time // prediction rows that are read
	From, To         time.Time // the interval: days that are judged for bad rows
	Context          time.Time // first day that is counted, as all are up to ReadTo: the context of the interval begins here
	AsOf             time.Time // what became known later is not there
}

// ReadBefore is how long before the first day that is taken in predictions are read: the days that domains are judged by.
const ReadBefore = 28 * 24 * time.Hour

// Tally is what the rows themselves were like.
type Tally struct {
	Undated           int64 // prediction rows without an instant: they belong to no day
	Predictions       int64 // prediction rows of the days taken in
	Invalid           int64 // of these, set aside
	Superseded        int64
	RepeatedID        string // an id that is delivered more than once, "" for none
	PredictionsNoZone int64  // rows with an instant in text without a zone
	Outcomes          int64  // outcome rows
	OutcomesInvalid   int64  // of these, set aside
	OutcomesNoZone    int64
	OutcomesRepeated  int64  // keys with more than one row
	RepeatedKey       string // one of them, "" for none
}

// Stage reads the outcomes that are known by as-of, and leaves stg_outcomes, int_outcome_instants and int_outcome_versions on db's connection.
func Stage(ctx context.Context, db *warehouse.DB, p *plan.Plan, asOf time.Time) error {
	if err := files(ctx, db, p); err != nil {
		return err
	}
	o := outcomeData(p)
	if err := db.Run(ctx, "020_stg_outcomes", o, map[string]any{"paths": p.Inventory.Outcomes.Paths(), "as_of": asOf}); err != nil {
		return err
	}
	for _, name := range []string{"110_int_outcome_instants", "120_int_outcome_versions"} {
		if err := db.Run(ctx, name, o, nil); err != nil {
			return err
		}
	}
	return nil
}

// Run stages predictions, matches them with the outcomes, and leaves int_matched, int_outcome_events, out_outcome_counts and out_counts (with
// the stages before them) on db's connection. It needs what Stage leaves, for the same plan and as-of. It fails, with a fault, on bad
// rows above the loop's max_invalid, on repeated rows where the loop rejects them, on instants that cannot be read, and when the counts do
// not balance.
func Run(ctx context.Context, db *warehouse.DB, p *plan.Plan, s Span) (Tally, error) {
	if err := stage(ctx, db, p, s); err != nil {
		return Tally{}, err
	}
	t, err := tally(ctx, db, p, s)
	if err != nil {
		return t, err
	}
	if err := t.check(p); err != nil {
		return t, err
	}
	return t, meet(ctx, db, p, s)
}

// stage fills stg_predictions and int_deliveries.
func stage(ctx context.Context, db *warehouse.DB, p *plan.Plan, s Span) error {
	d := predictionData(p)
	paths := p.Inventory.Predictions.Paths()
	ranged := map[string]any{"paths": paths, "read_from": s.ReadFrom, "read_to": s.ReadTo, "as_of": s.AsOf}
	if err := db.Run(ctx, "010_stg_predictions", d, ranged); err != nil {
		return err
	}
	if err := db.Run(ctx, "015_int_elsewhere", d, ranged); err != nil {
		return err
	}
	if err := db.Run(ctx, "016_int_keys_elsewhere", d, ranged); err != nil {
		return err
	}
	return db.Run(ctx, "100_int_deliveries", d, nil)
}

// meet runs the stages from the keys of outcomes to the balance sheet.
func meet(ctx context.Context, db *warehouse.DB, p *plan.Plan, s Span) error {
	o := outcomeData(p)
	if err := db.Run(ctx, "130_int_outcome_keys", o, nil); err != nil {
		return err
	}
	matched := map[string]any{"as_of": s.AsOf, "horizon_us": p.Loop.Outcomes.Horizon}
	if err := db.Run(ctx, "140_int_matched", o, matched); err != nil {
		return err
	}
	if err := db.Run(ctx, "150_int_outcome_events", o, nil); err != nil {
		return err
	}
	days := map[string]any{"first_day": s.Context, "end_day": s.ReadTo, "as_of": s.AsOf}
	if err := db.Run(ctx, "158_out_outcome_counts", o, nil); err != nil {
		return err
	}
	if err := db.Run(ctx, "160_out_counts", nil, days); err != nil {
		return err
	}
	return balance(ctx, db)
}

// files tells the stages which schema each file has.
func files(ctx context.Context, db *warehouse.DB, p *plan.Plan) error {
	var inputs, paths, ids []string
	for _, t := range p.Inventory.Tables() {
		for _, f := range t.Files {
			inputs = append(inputs, t.Input)
			paths = append(paths, f.Path)
			ids = append(ids, strconv.Itoa(int(f.SchemaID)))
		}
	}
	return db.Run(ctx, "009_in_files", nil, map[string]any{"inputs": inputs, "paths": paths, "schema_ids": ids})
}

func tally(ctx context.Context, db *warehouse.DB, p *plan.Plan, s Span) (Tally, error) {
	var t Tally
	params := map[string]any{"first_day": s.From, "end_day": s.To}
	err := db.Query(ctx, "155_out_faults", outcomeData(p), params, func(rows *sql.Rows) error {
		var id, key sql.NullString
		err := rows.Scan(&t.Undated, &t.Predictions, &t.Invalid, &t.Superseded, &id, &t.PredictionsNoZone,
			&t.Outcomes, &t.OutcomesInvalid, &t.OutcomesNoZone, &t.OutcomesRepeated, &key)
		t.RepeatedID, t.RepeatedKey = id.String, key.String
		return err
	})
	return t, err
}

type indexed struct {
	Index  int
	Column string
}

type predictions struct {
	Read                    plan.Reading
	ID, Score               string
	Version, Weight         string
	At, FeaturesAt, KnownAt plan.Clock
	OtherClocks             []plan.Clock
	Entity                  []string
	Segments                []indexed
	OutcomeKeys             []plan.OutcomeKey
	Keys                    []plan.Key
	Features                []plan.Feature
	Joins                   []plan.Join
	Binary, Latest          bool
}

func predictionData(p *plan.Plan) predictions {
	l := p.Loop
	d := predictions{
		Read: p.Reading("predictions"),
		ID:   l.Predictions.ID, Score: l.Predictions.Score, Version: l.Predictions.Version, Weight: l.Predictions.Weight,
		At: p.At, FeaturesAt: p.FeaturesAt, KnownAt: p.KnownAt,
		OutcomeKeys: p.OutcomeKeys, Keys: p.Keys, Joins: p.Joins, Features: p.Features,
		Binary: l.Task == loop.Binary, Latest: l.Predictions.Duplicates == loop.Latest,
	}
	for _, c := range []plan.Clock{p.FeaturesAt, p.KnownAt} {
		if c.Column != "" {
			d.OtherClocks = append(d.OtherClocks, c)
		}
	}
	d.Entity = l.Predictions.Entity
	for i, s := range l.Predictions.Segments {
		d.Segments = append(d.Segments, indexed{Index: i, Column: s})
	}
	return d
}

type outcomes struct {
	Read                    plan.Reading
	OutcomeKeys             []plan.OutcomeKey
	OutcomeAt, OutcomeKnown plan.Clock
	Value                   warehouse.Expression
	Binary, Snapshot, First bool
	Loss                    string
	Repaired, Mends         bool // of repaired scores, by outcomes that are put right: never here
}

func outcomeData(p *plan.Plan) outcomes {
	return outcomes{
		Read:        p.Reading("outcomes"),
		OutcomeKeys: p.OutcomeKeys,
		OutcomeAt:   p.OutcomeAt, OutcomeKnown: p.OutcomeKnown, Value: p.OutcomeValue,
		Binary: p.Loop.Task == loop.Binary, Snapshot: p.Loop.Outcomes.Snapshot,
		First: p.Loop.Outcomes.Duplicates == loop.First, Loss: string(p.Loop.Loss),
	}
}

// Days lists the UTC days in [from, to) that hold a prediction row known by as-of, as midnights in order.
func Days(ctx context.Context, db *warehouse.DB, p *plan.Plan, from, to, asOf time.Time) ([]time.Time, error) {
	var days []time.Time
	params := map[string]any{"paths": p.Inventory.Predictions.Paths(), "read_from": from, "read_to": to, "as_of": asOf}
	err := db.Query(ctx, "008_out_days", predictionData(p), params, func(rows *sql.Rows) error {
		var day time.Time
		err := rows.Scan(&day)
		days = append(days, day.UTC())
		return err
	})
	return days, err
}
