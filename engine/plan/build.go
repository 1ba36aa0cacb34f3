package plan

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Checker checks the user's SQL. *warehouse.DB is one.
type Checker interface {
	Scalar(ctx context.Context, text string, columns []warehouse.Column) (warehouse.Expression, error)
	Aggregate(ctx context.Context, text string, columns []warehouse.Column) (warehouse.Expression, error)
}

// Build holds l against the files in inv. Every mistake is in the error, each as a usage fault at its place in the loop
// file; an error that is no fault comes from db.
func Build(ctx context.Context, db Checker, l *loop.Loop, inv *intake.Inventory) (*Plan, error) {
	b := &builder{ctx: ctx, db: db, l: l, told: map[string]bool{}, shown: map[string]string{}}
	b.p = &Plan{Loop: l, Inventory: inv, text: map[string]map[string]bool{}, settled: map[string]map[string]string{}}
	b.predictions = b.side("predictions", &inv.Predictions, l.Predictions.Timezone)
	b.outcomes = b.side("outcomes", &inv.Outcomes, l.Outcomes.Timezone)
	for i := range l.Sources {
		b.sources = append(b.sources, b.side(l.Sources[i].Name, &inv.Sources[i], l.Sources[i].Timezone))
	}
	// Clocks and keys come first: they settle which CSV columns are read as text, and so what expressions see.
	b.readPredictions()
	b.readOutcomes()
	for i := range l.Sources {
		b.readSource(i)
	}
	b.readServedLogs()
	b.joins()
	b.outcomeValue()
	b.sourceFilters()
	b.features()
	b.scorer()
	b.lookups()
	if b.fatal != nil {
		return nil, b.fatal
	}
	if len(b.faults) > 0 {
		return nil, b.joined()
	}
	return b.p, nil
}

// joined are all faults in the order of the loop file.
func (b *builder) joined() error {
	slices.SortStableFunc(b.faults, func(x, y placed) int {
		return cmp.Or(cmp.Compare(x.at.Line, y.at.Line), cmp.Compare(x.at.Col, y.at.Col))
	})
	var errs []error
	for _, f := range b.faults {
		errs = append(errs, f.fault)
	}
	return errors.Join(errs...)
}

// Clock gives the column, how it holds instants, and the zone in which a clock without zone is read.
func (c Clock) Clock() (column, form, zone string) {
	return c.Column, string(c.Form), c.Zone
}

// placed is a fault and its place in the loop file.
type placed struct {
	at    loop.Position
	fault *fault.Fault
}

// builder is one call of Build.
type builder struct {
	ctx    context.Context // lives as long as the call
	db     Checker
	l      *loop.Loop
	p      *Plan
	faults []placed
	told   map[string]bool   // faults in errs, by text
	shown  map[string]string // by key of an item: the key of the whole
	fatal  error             // of the warehouse, not of the loop file

	predictions, outcomes *side
	sources               []*side
	joinOf                map[*loop.Feature]int // index into p.Joins
}

func (b *builder) side(name string, t *intake.Table, zone string) *side {
	if zone == "" {
		zone = b.l.Timezone
	}
	text := map[string]bool{}
	b.p.text[name] = text
	settled := map[string]string{}
	b.p.settled[name] = settled
	return &side{name: name, table: t, zone: zone, text: text, settled: settled}
}

func (b *builder) readPredictions() {
	d, s := &b.l.Predictions, b.predictions
	b.p.At = b.clock("predictions.at", s, d.At)
	b.p.FeaturesAt = b.clock("predictions.features_at", s, d.FeaturesAt)
	b.p.KnownAt = b.clock("predictions.known_at", s, d.KnownAt)
	fix := "log the predicted value as DOUBLE"
	if b.l.Task == loop.Binary {
		fix = "log the probability of the positive class as DOUBLE"
	}
	b.number("predictions.score", s, d.Score, fix)
	if d.Weight != "" {
		b.number("predictions.weight", s, d.Weight, "write the weight as DOUBLE")
	}
	b.label("predictions.id", s, d.ID)
	if d.Version != "" {
		b.label("predictions.version", s, d.Version)
	}
	for i, name := range d.Entity {
		b.label(b.item("predictions.entity", strconv.Itoa(i)), s, name)
	}
	for i, name := range d.Segments {
		b.label(b.item("predictions.segments", strconv.Itoa(i)), s, name)
	}
}

// label finds a column that names things: of any type, read as text from CSV so that 1.10 stays 1.10, unless the loop
// also reads it as a value.
func (b *builder) label(key string, s *side, name string) {
	if _, ok := b.scalar(key, s, name); ok && !b.readAsValue(name) {
		s.pin(name)
	}
}

// readAsValue tells the prediction columns whose type counts.
func (b *builder) readAsValue(name string) bool {
	d := &b.l.Predictions
	if name == d.Score || name == d.Weight {
		return true
	}
	for i := range b.l.Sources {
		if name == b.l.Sources[i].ServedRows {
			return true
		}
	}
	for i := range b.l.Features {
		if f := &b.l.Features[i]; name == f.Served || name == f.ServedRows {
			return true
		}
	}
	return false
}

func (b *builder) readOutcomes() {
	d := &b.l.Outcomes
	b.p.OutcomeAt = b.clock("outcomes.at", b.outcomes, d.At)
	b.p.OutcomeKnown = b.clock("outcomes.known_at", b.outcomes, d.KnownAt)
	if len(d.On) == 0 {
		b.fail("outcomes.on", "write on: {prediction column: outcome column}", "no key joins predictions with outcomes")
	}
	for _, pair := range d.On {
		if kind, ok := b.meet(b.item("outcomes.on", pair.Prediction), pair, b.outcomes); ok {
			b.p.OutcomeKeys = append(b.p.OutcomeKeys, OutcomeKey{
				Index: len(b.p.OutcomeKeys), Prediction: pair.Prediction, Outcome: pair.Other, Kind: kind,
			})
		}
	}
}

// readSource fills the source's clocks and ids.
func (b *builder) readSource(i int) {
	d, s := &b.l.Sources[i], b.sources[i]
	key := "sources." + d.Name
	src := Source{
		Index: i, Decl: d, Table: s.table, IDs: d.ID,
		HasKnown: d.KnownAt != "", Static: d.At == "" && d.KnownAt == "",
	}
	src.At = b.clock(key+".at", s, d.At)
	src.Known = b.clock(key+".known_at", s, d.KnownAt)
	for i, name := range d.ID {
		b.scalar(b.item(key+".id", strconv.Itoa(i)), s, name)
	}
	if d.At == "" && d.FreshWithin > 0 {
		b.fail(key+".fresh_within", "write at: with the event time, or take fresh_within out", "a source without `at` has no age")
	}
	if d.At == "" && d.ServedAt != "" {
		b.fail(key+".served_at", "write at: with the event time, or take served_at out", "a source without `at` has no age")
	}
	b.p.Sources = append(b.p.Sources, src)
}

// readServedLogs settles which prediction columns log instants and counts, before any key or value is looked at.
func (b *builder) readServedLogs() {
	for i := range b.l.Sources {
		d := &b.l.Sources[i]
		b.clock("sources."+d.Name+".served_at", b.predictions, d.ServedAt)
		b.rows("sources."+d.Name+".served_rows", b.predictions, d.ServedRows)
	}
	for i := range b.l.Features {
		f := &b.l.Features[i]
		b.clock("features."+f.Name+".served_at", b.predictions, f.ServedAt)
	}
}

// outcomeValue checks what an outcome is worth, and the rival meanings of it.
func (b *builder) outcomeValue() {
	d := &b.l.Outcomes
	b.p.OutcomeValue = b.outcome("outcomes", d.Value, d.Derive)
	for _, rival := range d.Definitions {
		value := b.outcome("outcomes.definitions."+rival.Name, rival.Value, rival.Derive)
		b.p.OutcomeRivals = append(b.p.OutcomeRivals, OutcomeRival{Name: rival.Name, Value: value})
	}
}

func (b *builder) outcome(key, value, derive string) warehouse.Expression {
	var e warehouse.Expression
	suits := func(c Class) bool { return c == Number || c == Boolean && b.l.Task == loop.Binary }
	if value != "" {
		key += ".value"
		c, ok := b.scalar(key, b.outcomes, value)
		if !ok {
			return e
		}
		e, ok = b.expression(key, quote(c.Name), b.outcomes, suits)
		if !ok {
			return e
		}
	} else {
		key += ".derive"
		var ok bool
		if e, ok = b.expression(key, derive, b.outcomes, suits); !ok {
			return e
		}
	}
	switch {
	case suits(ClassOf(e.Type)):
	case b.l.Task == loop.Binary:
		b.fail(key, "write an expression that is true or 1 for the positive class, as derive: \"delay > 15\"",
			"it is %s, want a boolean or a number", typeName(e.Type))
	default:
		b.fail(key, "write an expression that gives the predicted quantity", "it is %s, want a number", typeName(e.Type))
	}
	return e
}
