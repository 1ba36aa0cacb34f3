package engine

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/condition"
	"github.com/plumbline-data/plumbline/engine/fingerprint"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/plan"
)

// A column that vanished from files of an input, and that the loop file uses, is a broken pipe as the footers stand, before a
// row is read or an outcome known.

// use is what a column of an input is used for.
type use struct {
	features []int // that are computed from it, or served in it
	finds    bool  // it is a key or a clock: rows without it are not found
}

// usesOf tells the columns of an input that the loop file uses, by lower-case name: footers spell a name as each file does.
func usesOf(p *plan.Plan, input string) map[string]*use {
	all := map[string]*use{}
	add := func(column string, finds bool, features ...int) {
		if column == "" {
			return
		}
		key := strings.ToLower(column)
		if all[key] == nil {
			all[key] = &use{}
		}
		all[key].finds = all[key].finds || finds
		for _, f := range features {
			if !slices.Contains(all[key].features, f) {
				all[key].features = append(all[key].features, f)
			}
		}
	}
	for i := range p.Features {
		f := &p.Features[i]
		if input == condition.PredictionsNode {
			add(f.Served, false, i)
		}
		if f.Join < 0 {
			continue
		}
		join := &p.Joins[f.Join]
		s := &p.Sources[join.Source]
		for _, k := range join.Keys {
			if input == condition.PredictionsNode {
				add(p.Keys[k.Prediction].Column, true, i)
			} else if input == s.Decl.Name {
				add(s.Keys[k.Source].Column, true, i)
			}
		}
		if input != s.Decl.Name {
			continue
		}
		add(s.At.Column, true, i)
		add(s.Known.Column, true, i)
		for _, column := range readBy(s, f) {
			add(column, false, i)
		}
	}
	return all
}

// readBy lists the columns of its source that a feature's expressions read.
func readBy(s *plan.Source, f *plan.Feature) []string {
	var columns []string
	if f.Value >= 0 {
		columns = append(columns, s.Values[f.Value].Expr.Columns...)
	}
	if f.Filter >= 0 {
		columns = append(columns, s.Filters[f.Filter].Expr.Columns...)
	}
	if s.Where != nil {
		columns = append(columns, s.Where.Columns...)
	}
	return columns
}

// gone is a stretch of time in which files lack a column.
type gone struct {
	intake.Change
	cause.Span
}

// vanished tells the stretches of changes, which are in time order, in which a column that is used was gone.
func vanished(changes []intake.Change, uses map[string]*use) []gone {
	var all []gone
	open := map[string]int{}
	for _, c := range changes {
		key := strings.ToLower(c.Column)
		at, lasts := open[key]
		switch {
		case uses[key] == nil || c.At.IsZero():
		case c.Kind == intake.ColumnVanished && !lasts:
			open[key] = len(all)
			all = append(all, gone{c, cause.Span{From: c.At}})
		case c.Kind == intake.ColumnVanished && lasts:
			all[at].Partly = all[at].Partly && c.Partly
		case c.Kind == intake.ColumnAppeared && lasts && !c.Partly:
			all[at].To = c.At
			delete(open, key)
		}
	}
	return all
}

// columnClaims claims the columns that are gone in [from, boundary), one claim for each input.
func (n *night) columnClaims(from, boundary time.Time) []cause.Claim {
	var claims []cause.Claim
	inputs := []*intake.Table{&n.plan.Inventory.Predictions}
	for i := range n.plan.Sources {
		inputs = append(inputs, n.plan.Sources[i].Table)
	}
	for _, t := range inputs {
		uses := usesOf(n.plan, t.Input)
		var all []gone
		for _, g := range vanished(n.clues.changes[t.Input], uses) {
			if g.From.Before(boundary) && (g.To.IsZero() || g.To.After(from)) {
				all = append(all, g)
			}
		}
		if len(all) > 0 {
			claims = append(claims, columnClaim(n.plan, t, all, uses))
		}
	}
	return claims
}

// columnClaim claims the columns that are gone from an input.
func columnClaim(p *plan.Plan, t *intake.Table, all []gone, uses map[string]*use) cause.Claim {
	c := cause.Claim{Cause: cause.ColumnDropped, Node: t.Input, Sources: []string{}, Features: []string{}, Tier: "inferred", Proven: true}
	if t.Input != condition.PredictionsNode {
		c.Sources = append(c.Sources, t.Input)
	}
	hit := map[int]bool{}
	whole := false
	var columns []string
	for i := range all {
		g := &all[i]
		if !slices.Contains(columns, g.Column) {
			columns = append(columns, g.Column)
		}
		of := uses[strings.ToLower(g.Column)]
		for _, f := range of.features {
			hit[f] = true
		}
		whole = whole || of.finds && !g.Partly && t.Input != condition.PredictionsNode
		if promises(p, t.Input, g.Column) {
			c.Tier = "contract"
		}
		c.Spans = append(c.Spans, g.Span)
		c.Seen = append(c.Seen, cause.Seen{Day: floorDay(g.From), First: g.From, Last: floorDay(g.From).Add(day)})
		c.Evidence = append(c.Evidence, "files of "+t.Input+": "+g.Text)
	}
	for _, i := range slices.Sorted(maps.Keys(hit)) {
		f := &p.Features[i]
		c.Features = append(c.Features, f.Decl.Name)
		node := f.Decl.Name
		if f.Join >= 0 {
			node = p.Sources[p.Joins[f.Join].Source].Decl.Name
		}
		if node != t.Input && !slices.Contains(c.Covers, node) {
			c.Covers = append(c.Covers, node)
		}
	}
	c.Parameters = map[string]any{"column": strings.Join(columns, ", "), "became": nil}
	c.Action = fmt.Sprintf("Column %s is missing from %s on: %s.", strings.Join(columns, ", "), all[0].File, cause.Does(cause.ColumnDropped))
	if !whole { // else rows are not even found by these files, and all predictions of the days are hit
		c.Levels = schemasWithout(t, all)
	}
	return c
}

// promises tells whether the loop file promises a column of an input.
func promises(p *plan.Plan, input, column string) bool {
	for i := range p.Sources {
		s := p.Sources[i].Decl
		for _, promised := range s.Columns {
			if s.Name == input && strings.EqualFold(promised.Name, column) {
				return true
			}
		}
	}
	return false
}

// schemasWithout lists the levels of the files' schemas in which one of the columns is missing.
func schemasWithout(t *intake.Table, all []gone) []cause.Level {
	schema := fingerprint.Condition{Kind: fingerprint.Schema, Of: t.Input}
	var levels []cause.Level
	for i := range t.Files {
		f := &t.Files[i]
		lacks := slices.ContainsFunc(all, func(g gone) bool {
			return !slices.ContainsFunc(f.Columns, func(c intake.Column) bool { return strings.EqualFold(c.Name, g.Column) })
		})
		l := cause.Level{Condition: schema.Name(), Level: schema.LevelName(f.SchemaID)}
		if lacks && !slices.Contains(levels, l) {
			levels = append(levels, l)
		}
	}
	slices.SortFunc(levels, func(a, b cause.Level) int { return cmp.Compare(a.Level, b.Level) })
	return levels
}

// absorbed gives the claims of columns, and those of trials that are not about the same features from the same day on: what
// trials say of these is the columns' doing, and their proof.
func absorbed(columns, trials []cause.Claim) []cause.Claim {
	for i := range columns {
		var rest []cause.Claim
		for _, t := range trials {
			if !columns[i].Absorb(&t) {
				rest = append(rest, t)
			}
		}
		trials = rest
	}
	return append(trials, columns...)
}

// columnDays counts, of each day before a boundary, the predictions of a column that was gone.
func (n *night) columnDays(x *attribution.Index, since, boundary attribution.Day, days []ledger.DayRow) map[attribution.Day]int64 {
	most := map[attribution.Day]int64{}
	for _, c := range n.columnClaims(since.Start(), boundary.Start()) {
		counts := map[attribution.Day]int64{}
		if len(c.Levels) > 0 {
			counts = x.Bearing(levelsOf(&c))
		}
		for _, d := range days {
			begin, end := d.Day.Start(), (d.Day + 1).Start()
			gone := slices.ContainsFunc(c.Spans, func(s cause.Span) bool { return s.From.Before(end) && (s.To.IsZero() || s.To.After(begin)) })
			if gone && len(c.Levels) == 0 {
				counts[d.Day] = d.Counts.Predictions
			}
		}
		for d, rows := range counts {
			most[d] = max(most[d], rows)
		}
	}
	return most
}
