package engine

import (
	"context"
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
	from, to time.Time // the interval in whole UTC days
	context  time.Time // first day of the context
	asOf     time.Time
}

func floorDay(t time.Time) time.Time { return t.UTC().Truncate(day) }

func ceilDay(t time.Time) time.Time {
	if f := floorDay(t); !f.Equal(t) {
		return f.Add(day)
	}
	return t.UTC()
}

// newSpan widens the interval to whole days and looks how far back its context goes: the window and the trailing
// baseline of its first boundary; further, up to `reach`, only where those days hold too few days with predictions. A
// fixed baseline is context too.
func newSpan(ctx context.Context, db *warehouse.DB, p *plan.Plan, o Options) (span, error) {
	s := span{from: floorDay(o.From), to: ceilDay(o.To), asOf: o.AsOf.UTC()}
	l := p.Loop
	window := s.from.Add(day - l.Evaluate.Window)
	if !l.Baseline.From.IsZero() {
		s.context = earliest(s.from, window, l.Baseline.From)
		return s, nil
	}
	s.context = earliest(s.from, window.Add(-l.Baseline.Trailing))
	far := earliest(s.context, window.Add(-l.Baseline.Reach))
	days, err := match.Days(ctx, db, p, far, window)
	if err != nil {
		return s, err
	}
	if held(days, s.context) < int(l.Baseline.Trailing/day) {
		s.context = far
	}
	return s, nil
}

// held counts the days from first on.
func held(days []time.Time, first time.Time) int {
	n := 0
	for _, d := range days {
		if !d.Before(first) {
			n++
		}
	}
	return n
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

// question asks the loop's standing question at a boundary.
func (s span) question(l *loop.Loop, boundary attribution.Day) attribution.Question {
	return attribution.QuestionOf(l, boundary, s.asOf)
}
