package replay

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Mend says how features are replayed anew where the declared replay reads what is wrong itself.
type Mend struct {
	cause.Mend       // of features
	Number     int   // names the table that is left
	Features   []int // of the plan, with a source each
}

// mendedSources is by how much the numbers of sources that are mended are above their own.
const mendedSources = 1000

// Mended replays features anew for the predictions of int_repair_rows that are to be mended so: int_mended_<number>. It needs what Run leaves,
// and overwrites its tables of lookups and windows.
func Mended(ctx context.Context, db *warehouse.DB, p *plan.Plan, s Span, m Mend) error {
	if err := db.Run(ctx, "427_alike", nil, nil); err != nil {
		return err
	}
	joins := map[int]bool{}
	for _, f := range m.Features {
		joins[p.Features[f].Join] = true
	}
	data := instantData{}
	for i := range p.Keys {
		asks := func(of plan.JoinKey) bool { return of.Prediction == i }
		data.Keys = append(data.Keys, mendedKey{i, m.alike(p, slices.Sorted(maps.Keys(joins)), p.Keys[i].Kind, asks)})
	}
	if err := db.Run(ctx, "491_int_mended_instants", data, m.params(map[string]any{"mend": int64(m.Number)})); err != nil {
		return err
	}
	r := &replayer{db: db, plan: p, span: s, asked: "int_mended_instants"}
	if err := r.instants(ctx); err != nil {
		return err
	}
	if err := r.mendSources(ctx, joins, m); err != nil {
		return err
	}
	for i := range p.Lookups {
		if slices.ContainsFunc(p.Lookups[i].Features, func(f int) bool { return slices.Contains(m.Features, f) }) {
			if err := r.lookup(ctx, &r.plan.Lookups[i]); err != nil {
				return err
			}
		}
	}
	for _, f := range m.Features {
		if p.Features[f].Windows {
			if err := r.window(ctx, &r.plan.Features[f]); err != nil {
				return err
			}
		}
	}
	out := struct {
		Number   int
		Features []replayedFeature
		Lookups  []plan.Lookup
	}{Number: m.Number}
	for _, f := range replayedData(r.plan).Features {
		if slices.Contains(m.Features, f.Index) {
			out.Features = append(out.Features, f)
			if f.Found && !slices.ContainsFunc(out.Lookups, func(l plan.Lookup) bool { return l.Index == f.Lookup }) {
				out.Lookups = append(out.Lookups, p.Lookups[f.Lookup])
			}
		}
	}
	return db.Run(ctx, "493_int_mended", out, nil)
}

// alike tells whether a key of a kind is written alike: a text that one of some joins is made by.
func (m *Mend) alike(p *plan.Plan, joins []int, kind plan.KeyKind, by func(plan.JoinKey) bool) bool {
	return m.Normalise != "" && kind == plan.KeyText && slices.ContainsFunc(joins, func(j int) bool { return slices.ContainsFunc(p.Joins[j].Keys, by) })
}

// params adds the way in which keys are written alike, where they are.
func (m *Mend) params(more map[string]any) map[string]any {
	if m.Normalise != "" {
		more["way"] = m.Normalise
	}
	return more
}

// instantData is the keys of predictions as 491_int_mended_instants sees them.
type instantData struct{ Keys []mendedKey }

type mendedKey struct {
	Index int
	Alike bool
}

// mendSources stages the sources of joins mended, under numbers of their own, and has the replayer read these.
func (r *replayer) mendSources(ctx context.Context, joins map[int]bool, m Mend) error {
	mended := *r.plan
	mended.Sources = slices.Clone(r.plan.Sources)
	r.plan = &mended
	r.largest, r.rows = make([][]float64, len(mended.Sources)), make([]int64, len(mended.Sources))
	for i := range mended.Sources {
		s := &mended.Sources[i]
		of := slices.DeleteFunc(slices.Sorted(maps.Keys(joins)), func(j int) bool { return mended.Joins[j].Source != i })
		if len(of) == 0 {
			continue
		}
		d := mendedSource{Source: *s, Into: s.Index + mendedSources, Final: m.Final && len(s.IDs) > 0}
		for k := range s.Keys {
			asked := func(of plan.JoinKey) bool { return of.Source == k }
			d.Alike = append(d.Alike, mendedKey{k, m.alike(r.plan, of, s.Keys[k].Kind, asked)})
		}
		if err := r.convert(ctx, &d, m); err != nil {
			return err
		}
		if err := r.db.Run(ctx, "492_stg_source_mended", d, m.params(map[string]any{})); err != nil {
			return err
		}
		s.Index = d.Into
		var err error
		if r.rows[i], _, r.largest[i], err = r.measure(ctx, measured(s)); err != nil {
			return fmt.Errorf("source %s mended: %w", s.Decl.Name, err)
		}
	}
	return nil
}

// convert finds the rows of a source whose numbers are put back from another unit.
func (r *replayer) convert(ctx context.Context, d *mendedSource, m Mend) error {
	for v := range d.Values {
		one := mendedValue{Index: d.Values[v].Index}
		for u := range m.Units {
			if !slices.ContainsFunc(m.Features, func(f int) bool { return r.takes(f, d.Source.Index, v, m.Units[u].Features) }) {
				continue
			}
			one.Units = append(one.Units, u)
			if err := r.db.Run(ctx, "494_int_converted", convertedData{*d, one.Index, u, max(len(d.Keys)-1, 0)}, r.unitParams(&m.Units[u])); err != nil {
				return err
			}
		}
		d.Of = append(d.Of, one)
	}
	return nil
}

// takes tells whether a feature, one of some, takes a value of a source.
func (r *replayer) takes(feature, source, value int, names []string) bool {
	f := &r.plan.Features[feature]
	return f.Value == value && r.plan.Joins[f.Join].Source == source && slices.Contains(names, f.Decl.Name)
}

// unitParams is what 494_int_converted is told of a unit.
func (r *replayer) unitParams(u *cause.Unit) map[string]any {
	var numbers, was, odds []float64
	for _, n := range u.Numbers {
		numbers, was, odds = append(numbers, n.Number), append(was, n.Was), append(odds, n.Odds)
	}
	to := u.Span.To
	if to.IsZero() {
		to = r.span.AsOf
	}
	return map[string]any{"number": numbers, "was": was, "odds": odds, "share": u.Share, "from_at": u.Span.From, "to_at": to}
}

// mendedSource is a source as 492_stg_source_mended sees it.
type mendedSource struct {
	plan.Source
	Into  int
	Final bool
	Alike []mendedKey
	Of    []mendedValue
}

// mendedValue is a value of it.
type mendedValue struct {
	Index int
	Units []int // that its rows came in
}

// convertedData is a source, the place of a value and a unit as 494_int_converted sees them.
type convertedData struct {
	mendedSource
	Value, Unit int
	Others      int // key columns beside the first
}
