package engine

import (
	"context"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/match"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

const day = 24 * time.Hour

// span is what a run takes in: the days of the interval, and before them the context that baselines and windows need.
type span struct {
	from, to time.Time         // the interval in whole UTC days
	context  time.Time         // first day of the context
	since    []attribution.Day // by boundary: the first day that its judgement looks at
	asOf     time.Time
}

func floorDay(t time.Time) time.Time { return t.UTC().Truncate(day) }

func ceilDay(t time.Time) time.Time {
	if f := floorDay(t); !f.Equal(t) {
		return f.Add(day)
	}
	return t.UTC()
}

// newSpan widens the interval to whole days and looks how far back its context goes: as far as that of any of its
// boundaries.
func newSpan(ctx context.Context, db *warehouse.DB, p *plan.Plan, o Options) (span, error) {
	s := span{from: floorDay(o.From), to: ceilDay(o.To), asOf: o.AsOf.UTC()}
	first := s.from.Add(day - p.Loop.Evaluate.Window)
	days, err := match.Days(ctx, db, p, earliest(first, first.Add(-p.Loop.Baseline.Trailing), first.Add(-p.Loop.Baseline.Reach)), s.to)
	if err != nil {
		return s, err
	}
	s.context = s.from
	for t := s.from.Add(day); !t.After(s.to); t = t.Add(day) {
		since := contextOf(p.Loop, t, days)
		s.since = append(s.since, attribution.DayOf(since))
		s.context = earliest(s.context, since)
	}
	return s, nil
}

// contextOf is the first day that the judgement at a boundary looks at, which is what the night that ends there takes for
// context, whatever longer run makes it: the window and the trailing baseline before it; further, up to `reach`, only
// where those days hold too few days with predictions. A fixed baseline is context too. Days are those with predictions,
// ascending.
func contextOf(l *loop.Loop, boundary time.Time, days []time.Time) time.Time {
	window := boundary.Add(-l.Evaluate.Window)
	if !l.Baseline.From.IsZero() {
		return earliest(window, l.Baseline.From)
	}
	near := window.Add(-l.Baseline.Trailing)
	first, _ := slices.BinarySearchFunc(days, near, time.Time.Compare)
	end, _ := slices.BinarySearchFunc(days, window, time.Time.Compare)
	if end-first < int(l.Baseline.Trailing/day) {
		return earliest(near, window.Add(-l.Baseline.Reach))
	}
	return near
}

func earliest(times ...time.Time) time.Time {
	first := times[0]
	for _, t := range times[1:] {
		if t.Before(first) {
			first = t
		}
	}
	return first
}

// match gives the rows to work on: the domains of the first day are judged by the days before it.
func (s span) match() match.Span {
	return match.Span{ReadFrom: s.context.Add(-match.ReadBefore), ReadTo: s.to, From: s.from, To: s.to, Context: s.context, AsOf: s.asOf}
}

// boundaries lists the day boundaries in (from, to].
func (s span) boundaries() []attribution.Day {
	var days []attribution.Day
	for t := s.from.Add(day); !t.After(s.to); t = t.Add(day) {
		days = append(days, attribution.DayOf(t))
	}
	return days
}

// question asks the loop's standing question at the i-th boundary.
func (s span) question(l *loop.Loop, i int, boundary attribution.Day) attribution.Question {
	q := attribution.QuestionOf(l, boundary, s.asOf)
	q.Since = s.since[i]
	return q
}
