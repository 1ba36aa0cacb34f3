package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// diagnose finds out what in the rows made a stage fail: DuckDB tells neither the file nor the place in the loop file. It
// reads every file alone, then computes every instant and every expression alone; what fails is told, all of it. An error
// that rows did not cause, or that none of this finds, comes back as it is.
func (n *night) diagnose(ctx context.Context, err error) error {
	said, ofRows := warehouse.OfRows(err)
	if !ofRows {
		return err
	}
	for _, look := range []func(context.Context) []error{n.unreadable, n.badClocks, n.badExpressions} {
		if found := look(ctx); len(found) > 0 {
			return errors.Join(found...)
		}
		if ctx.Err() != nil {
			return err
		}
	}
	if strings.Contains(said, "DECIMAL(38,9)") {
		return fault.Data("", "write scores, outcomes or weights in a larger unit: weight times the square of a score or outcome has to stay below 1e29",
			"sums over predictions do not fit: %s", said)
	}
	return err
}

// probe is what a stage that looks for the cause of a failure reads.
type probe struct {
	Read  plan.Reading
	Expr  warehouse.Expression
	Where *warehouse.Expression
	Clock plan.Clock
}

// fails runs a probe and gives what DuckDB says where it fails.
func (n *night) fails(ctx context.Context, stage string, data probe, paths []string) (string, bool) {
	err := n.db.Query(ctx, stage, data, map[string]any{"paths": paths}, func(*sql.Rows) error { return nil })
	if err == nil {
		return "", false
	}
	return warehouse.OfRows(err)
}

// unreadable reads each file alone, once.
func (n *night) unreadable(ctx context.Context) []error {
	var found []error
	seen := map[string]bool{}
	for _, t := range n.plan.Inventory.Tables() {
		for i := range t.Files {
			f := &t.Files[i]
			if seen[f.Path] {
				continue
			}
			seen[f.Path] = true
			said, failed := n.fails(ctx, "040_out_readable", probe{Read: n.plan.ReadingOf(t.Input, f)}, []string{f.Path})
			if failed {
				key := inputKey(t.Input) + ".path"
				found = append(found, fault.Data(f.Name, fmt.Sprintf("write the file again, or take it out of %s, %s", key, n.loop.Where(key)),
					"its header is sound, but its rows cannot be read: %s", said))
			}
		}
	}
	return found
}

// badClocks computes each column of instants alone.
func (n *night) badClocks(ctx context.Context) []error {
	p := n.plan
	var found []error
	look := func(input, key string, c plan.Clock) {
		if c.Column == "" {
			return
		}
		t := p.Inventory.Table(input)
		if said, failed := n.fails(ctx, "042_out_clock", probe{Read: p.Reading(input), Clock: c}, t.Paths()); failed {
			found = append(found, fault.Data(n.loop.Where(key), "write instants between the years 1 and 9999, or NULL where none is known",
				"%s: column %q of %s holds an instant that no clock can show: %s", key, c.Column, t.Path, said))
		}
	}
	look("predictions", "predictions.at", p.At)
	look("predictions", "predictions.features_at", p.FeaturesAt)
	look("predictions", "predictions.known_at", p.KnownAt)
	look("outcomes", "outcomes.at", p.OutcomeAt)
	look("outcomes", "outcomes.known_at", p.OutcomeKnown)
	for i := range p.Sources {
		s := &p.Sources[i]
		look(s.Decl.Name, "sources."+s.Decl.Name+".at", s.At)
		look(s.Decl.Name, "sources."+s.Decl.Name+".known_at", s.Known)
	}
	for i := range p.Joins {
		name := p.Sources[p.Joins[i].Source].Decl.Name
		look("predictions", "sources."+name+".served_at", p.Joins[i].ServedAt)
	}
	for i := range p.Features {
		f := &p.Features[i]
		look("predictions", "features."+f.Decl.Name, f.ServedClock)
		look("predictions", "features."+f.Decl.Name+".served_at", f.ServedAt)
	}
	return found
}

// badExpressions computes each expression of the loop file alone.
func (n *night) badExpressions(ctx context.Context) []error {
	p := n.plan
	var found []error
	// look tells whether the expression can be computed over every row that passes where.
	look := func(input, key string, e, where *warehouse.Expression) bool {
		t := p.Inventory.Table(input)
		if said, failed := n.fails(ctx, "041_out_computable", probe{Read: p.Reading(input), Expr: *e, Where: where}, t.Paths()); failed {
			found = append(found, fault.Data(n.loop.Where(key), "write try_cast(x as type) where not every value converts, nullif(x, 0) under a division, or try(...) around what may fail: it gives NULL there",
				"%s: it fails on a row of %s: %s", key, t.Path, said))
			return false
		}
		return true
	}
	value := "outcomes.value"
	if n.loop.Outcomes.Value == "" {
		value = "outcomes.derive"
	}
	look("outcomes", value, &p.OutcomeValue, nil)
	passable := make([]bool, len(p.Sources)) // sources whose own filter can be computed
	for i := range p.Sources {
		s := &p.Sources[i]
		passable[i] = s.Where == nil || look(s.Decl.Name, "sources."+s.Decl.Name+".where", s.Where, nil)
	}
	for i := range p.Features {
		f := &p.Features[i]
		if f.Join < 0 || !passable[p.Joins[f.Join].Source] {
			continue
		}
		s := &p.Sources[p.Joins[f.Join].Source]
		key := "features." + f.Decl.Name
		if f.Filter >= 0 {
			look(s.Decl.Name, key+".where", &s.Filters[f.Filter].Expr, nil)
		}
		if f.Value >= 0 && f.Windows {
			look(s.Decl.Name, key+".aggregate", &s.Values[f.Value].Expr, s.Where)
		} else if f.Value >= 0 {
			look(s.Decl.Name, key+".value", &s.Values[f.Value].Expr, s.Where)
		}
	}
	return found
}

// inputKey is the key of an input in the loop file.
func inputKey(input string) string {
	if input == "predictions" || input == "outcomes" {
		return input
	}
	return "sources." + input
}
