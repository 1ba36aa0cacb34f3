// Package replay recomputes what each feature should have been at prediction time from the source history, as it was
// known then.
package replay

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"time"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// DefaultTolerance is the relative difference up to which served and replayed numbers agree where none is declared.
const DefaultTolerance = 1e-6

// Span says which predictions are replayed, and as of when the sources are read.
type Span struct {
	From, To time.Time // UTC midnights, half-open
	AsOf     time.Time
}

// Run replays every feature with a source for every chosen prediction. It needs what match.Run leaves, and leaves
// int_replayed with the stages before it on db's connection.
func Run(ctx context.Context, db *warehouse.DB, p *plan.Plan, s Span) error {
	if err := db.Run(ctx, "007_up_to", nil, nil); err != nil {
		return err
	}
	if err := db.Run(ctx, "170_int_instants", p.Keys, map[string]any{"first_day": s.From, "end_day": s.To}); err != nil {
		return err
	}
	r := &replayer{db: db, plan: p, span: s, asked: "int_instants"}
	if err := r.instants(ctx); err != nil {
		return err
	}
	for i := range p.Sources {
		if err := r.source(ctx, &p.Sources[i]); err != nil {
			return err
		}
	}
	for i := range p.Lookups {
		if err := r.lookup(ctx, &p.Lookups[i]); err != nil {
			return err
		}
	}
	for i := range p.Features {
		if p.Features[i].Windows {
			if err := r.window(ctx, &p.Features[i]); err != nil {
				return err
			}
		}
	}
	return db.Run(ctx, "300_int_replayed", replayedData(p), nil)
}

// Tolerances gives the two parameters by which served and replayed numbers of a feature are compared: absolute and
// relative to the greater of both. One of them is 0.
func Tolerances(f *plan.Feature) (absolute, relative float64) {
	if f.Decl.Tolerance != nil {
		return *f.Decl.Tolerance, 0
	}
	return 0, DefaultTolerance
}

type replayer struct {
	db   *warehouse.DB
	plan *plan.Plan
	span Span
	// largest and rows by source: what sums of its values can come to.
	largest [][]float64
	rows    []int64
	// distinct has sums and means take each value once.
	distinct bool
	// lenient has values that are too large to be summed count as none.
	lenient bool
	// asked is the table of the predictions that are replayed, as int_instants has them.
	asked string
	// first and last are the instants between which features are replayed.
	first, last time.Time
}

// instants finds first and last; without a prediction they are those of the span.
func (r *replayer) instants(ctx context.Context) error {
	var first, last sql.NullTime
	err := r.db.Query(ctx, "171_out_instant_range", nil, nil, func(rows *sql.Rows) error { return rows.Scan(&first, &last) })
	r.first, r.last = r.span.From, r.span.To
	if first.Valid && last.Valid {
		r.first, r.last = first.Time, last.Time
	}
	return err
}

type sourceValue struct {
	plan.SourceValue
	IsNumber bool
}

type sourceData struct {
	plan.Source
	Kept     bool // rows that do not pass the source's filter are kept too
	Read     plan.Reading
	Snapshot bool
	Values   []sourceValue
}

// source stages a source and measures it.
func (r *replayer) source(ctx context.Context, s *plan.Source) error {
	d := sourceData{
		Source:   *s,
		Read:     r.plan.Reading(s.Decl.Name),
		Snapshot: s.Decl.Snapshot && !s.Static,
	}
	d.Values = measured(s).Values
	params := map[string]any{"paths": s.Table.Paths(), "input": s.Decl.Name, "as_of": r.span.AsOf}
	if err := r.db.Run(ctx, "030_stg_source", d, params); err != nil {
		return err
	}
	rows, unzoned, largest, err := r.measure(ctx, d)
	if err != nil {
		return err
	}
	if unzoned > 0 {
		return fault.Usage(s.Table.Path, "write instants with Z or an offset, or say timezone: in the loop file",
			"%d rows of source %q have an instant in text without a time zone", unzoned, s.Decl.Name)
	}
	r.rows = append(r.rows, rows)
	r.largest = append(r.largest, largest)
	return nil
}

// measured is a source as 200_out_value_range sees it.
func measured(s *plan.Source) sourceData {
	d := sourceData{Source: *s}
	for _, v := range s.Values {
		d.Values = append(d.Values, sourceValue{SourceValue: v, IsNumber: v.Class == plan.Number || v.Class == plan.Boolean})
	}
	return d
}

// measure counts the rows of a staged source, those without a zone, and finds how large the numbers of each value are.
func (r *replayer) measure(ctx context.Context, d sourceData) (rows, unzoned int64, largest []float64, err error) {
	largest = make([]float64, len(d.Values))
	err = r.db.Query(ctx, "200_out_value_range", d, nil, func(q *sql.Rows) error {
		into := []any{&rows, &unzoned}
		for i := range largest {
			into = append(into, &largest[i])
		}
		return q.Scan(into...)
	})
	return rows, unzoned, largest, err
}

type lookupFeature struct {
	Index, Value int
	Numeric      bool
}

type lookupData struct {
	Index, Source, Filter int
	From                  string // table that states are made of
	Asked                 string // table of the predictions that ask
	Static, Dies          bool
	Keys                  []int // of the source
	Pairs                 []plan.JoinKey
	Values                []int
	Features              []lookupFeature
}

// lookup finds the newest row known at each prediction's instant.
func (r *replayer) lookup(ctx context.Context, l *plan.Lookup) error {
	join := &r.plan.Joins[l.Join]
	source := &r.plan.Sources[join.Source]
	d := lookupData{
		Index: l.Index, Source: source.Index, From: fmt.Sprintf("stg_source_%d", source.Index), Asked: r.asked, Filter: l.Filter, Static: source.Static,
		Dies: len(source.IDs) > 0 || source.Decl.Snapshot, Keys: sourceKeys(join), Pairs: join.Keys,
	}
	tied := map[string]any{}
	seen := map[int]bool{}
	for _, i := range l.Features {
		f := &r.plan.Features[i]
		numeric := isNumeric(f)
		d.Features = append(d.Features, lookupFeature{Index: f.Index, Value: f.Value, Numeric: numeric})
		if numeric {
			tied[fmt.Sprintf("tolerance_%d", f.Index)], tied[fmt.Sprintf("relative_%d", f.Index)] = Tolerances(f)
		}
		if !seen[f.Value] {
			seen[f.Value] = true
			d.Values = append(d.Values, f.Value)
		}
	}
	d.Values = append(d.Values, l.Extra...)
	if d.Static {
		if err := r.db.Run(ctx, "225_int_static_lookup", d, nil); err != nil {
			return err
		}
	} else {
		if err := r.db.Run(ctx, "210_int_states", d, nil); err != nil {
			return err
		}
		if err := r.db.Run(ctx, "220_int_lookup", d, nil); err != nil {
			return err
		}
	}
	if len(d.Features) == 0 {
		return nil
	}
	return r.db.Run(ctx, "230_int_ties", d, tied)
}

type windowData struct {
	Feature, Source, Value, Filter, Scale int
	Asked                                 string // table of the predictions that ask
	Keys                                  []int
	Pairs                                 []plan.JoinKey
	Align                                 string
	Distinct, Sums, Mean, Extreme, Max    bool
	Final                                 bool   // rows become known apart from when they happen
	Opened                                bool   // of int_openings_<feature>
	Most                                  string // of sums: larger values count as none, which a declaration never meets
}

// windowData describes a windowed aggregate to the stages.
func (r *replayer) windowData(f *plan.Feature) windowData {
	join := &r.plan.Joins[f.Join]
	source := &r.plan.Sources[join.Source]
	w := f.Decl.Window
	return windowData{
		Feature: f.Index, Asked: r.asked, Source: source.Index, Value: f.Value, Filter: f.Filter,
		Keys: sourceKeys(join), Pairs: join.Keys, Align: w.Align,
		Distinct: f.Agg == plan.CountDistinct || r.distinct, Sums: sums(f), Mean: f.Agg == plan.Avg,
		Extreme: extreme(f), Max: f.Agg == plan.Max,
		Final: source.HasKnown || len(source.IDs) > 0 || source.Decl.Snapshot,
	}
}

// sums tells the aggregates that are made of a sum of values.
func sums(f *plan.Feature) bool { return f.Agg == plan.Sum || f.Agg == plan.Avg }

// counts tells the aggregates that are 0 where no row is.
func counts(f *plan.Feature) bool { return f.Windows && !sums(f) && !extreme(f) }

// extremes finds the least or greatest value of a window.
func (r *replayer) extremes(ctx context.Context, f *plan.Feature) error {
	w := f.Decl.Window
	return r.db.Run(ctx, "241_int_extremes", r.windowData(f), map[string]any{"length_us": w.Length, "offset_us": w.Offset, "first_at": r.first, "last_at": r.last})
}

// window recomputes one windowed aggregate.
func (r *replayer) window(ctx context.Context, f *plan.Feature) error {
	d, w := r.windowData(f), f.Decl.Window
	if d.Sums {
		join := &r.plan.Joins[f.Join]
		source := &r.plan.Sources[join.Source]
		scale, ok := scaleFor(r.largest[join.Source][f.Value], r.rows[join.Source])
		if !ok && r.lenient {
			scale, ok = leastScale, true
		}
		if !ok {
			return fault.Data(source.Table.Path, "scale the expression down, or filter such rows with where:",
				"feature %q: values up to %g over %d rows are too large to be summed exactly", f.Decl.Name, r.largest[join.Source][f.Value], r.rows[join.Source])
		}
		d.Scale, d.Most = scale, mostSummed(scale, r.rows[join.Source])
	}
	if d.Extreme {
		if err := r.extremes(ctx, f); err != nil {
			return err
		}
	}
	steps := map[string]any{"length_us": w.Length, "offset_us": w.Offset, "first_at": r.first, "last_at": r.last}
	if d.Final {
		steps["as_of"] = r.span.AsOf
	}
	if err := r.db.Run(ctx, "240_int_steps", d, steps); err != nil {
		return err
	}
	return r.db.Run(ctx, "250_int_window", d, nil)
}

// leastScale is how many decimals a sum must keep: fewer would blur ordinary values beside a huge one.
const leastScale = 9

// scaleFor gives the decimals that a DECIMAL(38, scale) can keep for sums over rows values of at most largest, at most
// 24; false when they are fewer than leastScale.
func scaleFor(largest float64, rows int64) (int, bool) {
	digits := int(math.Ceil(math.Log10(math.Max(1, largest)*math.Max(1, float64(rows))))) + 1
	scale := min(24, 37-digits)
	return scale, scale >= leastScale
}

// mostSummed is the largest value of which so many can be summed to a scale.
func mostSummed(scale int, rows int64) string {
	return fmt.Sprintf("1e%d", 37-scale-int(math.Ceil(math.Log10(math.Max(1, float64(rows))))))
}

func sourceKeys(j *plan.Join) []int {
	keys := make([]int, len(j.Keys))
	for i, k := range j.Keys {
		keys[i] = k.Source
	}
	return keys
}

func isNumeric(f *plan.Feature) bool { return f.Class == plan.Number || f.Class == plan.Boolean }

type replayedFeature struct {
	Index, Lookup, Value int
	Windows, Counts      bool
	Found, Bounded       bool
	ServedRows           string
	RowsColumn           string
	Within               time.Duration
}

type replayedJoin struct {
	Index, Head   int
	Aged, Bounded bool
	Logged        bool
	AtColumn      string
	RowsColumn    string
	Within        time.Duration
}

type replayedStage struct {
	Features []replayedFeature
	Joins    []replayedJoin
	Lookups  []plan.Lookup
}

func replayedData(p *plan.Plan) replayedStage {
	d := replayedStage{Lookups: p.Lookups}
	for i := range p.Features {
		f := &p.Features[i]
		if f.Join < 0 {
			continue
		}
		source := &p.Sources[p.Joins[f.Join].Source]
		r := replayedFeature{
			Index: f.Index, Lookup: f.Lookup, Value: f.Value, Windows: f.Windows,
			Counts: f.Agg == plan.Count || f.Agg == plan.CountDistinct,
			Found:  f.Lookup >= 0, Bounded: f.Decl.Within > 0 && !source.Static, Within: f.Decl.Within, ServedRows: f.ServedRows,
		}
		if f.ServedRows != "" {
			r.RowsColumn = fmt.Sprintf("fr_%d", f.Index)
		}
		d.Features = append(d.Features, r)
	}
	for i := range p.Joins {
		j := &p.Joins[i]
		r := replayedJoin{Index: j.Index, Head: j.Head, Aged: !p.Sources[j.Source].Static, Bounded: j.Within > 0, Within: j.Within}
		if j.ServedAt.Column != "" {
			r.Logged, r.AtColumn = true, fmt.Sprintf("ja_%d", j.Index)
		}
		if j.ServedRows != "" {
			r.RowsColumn = fmt.Sprintf("jr_%d", j.Index)
		}
		d.Joins = append(d.Joins, r)
	}
	return d
}
