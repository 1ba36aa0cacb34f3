package replay

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/plan"
)

// variantProbe is a whole replay of another declaration of the feature, as a probe.
type variantProbe struct {
	Probe, Index, Value     int
	Windows, Counts, Static bool
	Extreme                 bool // the value alone was replayed: int_extremes_<Index>
	Within                  time.Duration
	name                    string
}

// replayVariants replays the rivals of a feature, and of windows the other aggregates, as the declaration itself is replayed.
func (t *trial) replayVariants(ctx context.Context, s *subject) error {
	for i := range s.Rivals {
		r := &s.Rivals[i]
		f := *s.Feature
		f.Agg, f.Windows, f.Value, f.Filter = r.Agg, r.Windows, -1, s.source.rivals[s.Index][i]
		if r.Value.SQL != "" {
			f.Value = s.source.valueOf(r.Value, r.Class)
		}
		declared := *f.Decl
		declared.Window, declared.Within = r.Window, r.Within
		f.Decl = &declared
		if err := t.variant(ctx, s, &f, "definition "+r.Name, false); err != nil {
			return err
		}
		s.cause.Rivals = append(s.cause.Rivals, r.Name)
	}
	if !s.Windows || !s.facts.Number || s.Value < 0 || s.source.Values[s.Value].Class == plan.Text || s.source.Values[s.Value].Class == plan.Instant {
		return nil
	}
	for _, agg := range []plan.Aggregate{plan.Max, plan.Min, plan.CountDistinct} {
		if agg == s.Agg {
			continue
		}
		f := *s.Feature
		f.Agg, f.Filter = agg, s.source.own[s.Index]
		if err := t.variant(ctx, s, &f, string(agg)+" for "+string(s.Agg), false); err != nil {
			return err
		}
		s.cause.Others = append(s.cause.Others, string(agg))
	}
	if err := t.replayNewest(ctx, s); err != nil || !sums(s.Feature) {
		return err
	}
	f := *s.Feature
	f.Filter = s.source.own[s.Index]
	s.cause.Others = append(s.cause.Others, distinctly)
	return t.variant(ctx, s, &f, distinctly+" for "+string(s.Agg), true)
}

// extreme tells the features that are the least or greatest value of a window.
func extreme(f *plan.Feature) bool { return f.Windows && (f.Agg == plan.Min || f.Agg == plan.Max) }

// What may be served in place of an aggregate of a window.
const (
	distinctly  = "distinct values" // the aggregate that takes each value once
	newest      = "newest"          // the value of the newest row, if it lies in the window
	newestOfAny = "newest of any age"
)

// replayNewest replays a window as a lookup: the value of the newest row in place of the aggregate.
func (t *trial) replayNewest(ctx context.Context, s *subject) error {
	if s.Agg == plan.Count || s.Agg == plan.CountDistinct || s.source.Static {
		return nil
	}
	w := s.Decl.Window
	ages := map[string]time.Duration{newestOfAny: 0}
	if w.Offset == 0 && w.Align == "" {
		ages[newest] = w.Length
	}
	for _, name := range slices.Sorted(maps.Keys(ages)) {
		f := *s.Feature
		f.Windows, f.Filter = false, s.source.own[s.Index]
		declared := *f.Decl
		declared.Window, declared.Within = nil, ages[name]
		f.Decl = &declared
		s.cause.Others = append(s.cause.Others, name)
		if err := t.variant(ctx, s, &f, name+" for "+string(s.Agg), false); err != nil {
			return err
		}
	}
	return nil
}

// variant replays one; name is the key of the hypothesis that it is for.
func (t *trial) variant(ctx context.Context, s *subject, f *plan.Feature, name string, distinct bool) error {
	s.lastIndex++
	v := variantProbe{Extreme: extreme(f), Probe: variantBase + len(s.variants), Index: s.lastIndex, Windows: f.Windows, Value: f.Value, Within: f.Decl.Within,
		Counts: f.Agg == plan.Count || f.Agg == plan.CountDistinct, name: name}
	other := *t.plan
	other.Sources = slices.Clone(t.plan.Sources)
	other.Sources[s.join.Source] = s.source.Source
	other.Sources[s.join.Source].Where = nil
	r := &replayer{db: t.db, plan: &other, span: t.span, distinct: distinct, lenient: true, asked: fmt.Sprintf("int_asked_%d", s.Index),
		rows: make([]int64, len(other.Sources)), largest: make([][]float64, len(other.Sources))}
	r.first, r.last = readBetween(s.days)
	r.rows[s.join.Source], r.largest[s.join.Source] = s.source.rows, s.source.largest
	f.Index = v.Index
	var err error
	switch {
	case v.Extreme:
		err = r.extremes(ctx, f)
	case f.Windows:
		err = r.window(ctx, f)
	default:
		err = r.lookup(ctx, &plan.Lookup{Index: v.Index, Join: f.Join, Filter: f.Filter, Extra: []int{f.Value}})
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s of %s", name, s.Decl.Name), err)
	}
	s.variants = append(s.variants, v)
	return nil
}

// variantBase is the first number of probes that are variants.
const variantBase = 1_000_000
