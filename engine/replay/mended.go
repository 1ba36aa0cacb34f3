package replay

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Mend says how features are replayed anew where the declared replay reads what is wrong itself.
type Mend struct {
	Number    int    // names the table that is left
	Features  []int  // of the plan, with a source each
	Final     bool   // from the rows of their sources as these finally were, from when they were first known
	Normalise string // with their keys written alike on both sides, in one of the ways of cause.Normalisations; "": as they are
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
		k := mendedKey{Index: i}
		for j := range joins {
			k.Alike = k.Alike || m.Normalise != "" && p.Keys[i].Kind == plan.KeyText && slices.ContainsFunc(p.Joins[j].Keys, func(of plan.JoinKey) bool { return of.Prediction == i })
		}
		data.Keys = append(data.Keys, k)
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
			one := mendedKey{Index: k}
			for _, j := range of {
				one.Alike = one.Alike || m.Normalise != "" && s.Keys[k].Kind == plan.KeyText && slices.ContainsFunc(mended.Joins[j].Keys, func(key plan.JoinKey) bool { return key.Source == k })
			}
			d.Alike = append(d.Alike, one)
		}
		if err := r.db.Run(ctx, "492_stg_source_mended", d, m.params(map[string]any{})); err != nil {
			return err
		}
		s.Index = d.Into
		values := sourceData{Source: *s}
		for _, v := range s.Values {
			values.Values = append(values.Values, sourceValue{SourceValue: v, IsNumber: v.Class == plan.Number || v.Class == plan.Boolean})
		}
		var unzoned int64
		r.largest[i] = make([]float64, len(s.Values))
		err := r.db.Query(ctx, "200_out_value_range", values, nil, func(q *sql.Rows) error {
			into := []any{&r.rows[i], &unzoned}
			for k := range r.largest[i] {
				into = append(into, &r.largest[i][k])
			}
			return q.Scan(into...)
		})
		if err != nil {
			return fmt.Errorf("source %s mended: %w", s.Decl.Name, err)
		}
	}
	return nil
}

// mendedSource is a source as 492_stg_source_mended sees it.
type mendedSource struct {
	plan.Source
	Into  int
	Final bool
	Alike []mendedKey
}
