package engine

import (
	"context"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/match"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/replay"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

const day = 24 * time.Hour

// span is what a run takes in: the days of the interval, and those that the judgements at its boundaries look at.
type span struct {
	from, to   time.Time         // the interval in whole UTC days
	context    time.Time         // the first day that is taken in
	end        time.Time         // the day after the last
	looked     time.Time         // from when on it is known on which days the files hold predictions, up to end
	filled     []time.Time       // these days, ascending
	boundaries []attribution.Day // at which is judged, ascending
	since      []attribution.Day // by boundary: the first day that its judgement looks at
	asOf       time.Time
}

func floorDay(t time.Time) time.Time { return t.UTC().Truncate(day) }

func ceilDay(t time.Time) time.Time {
	if f := floorDay(t); !f.Equal(t) {
		return f.Add(day)
	}
	return t.UTC()
}

// again is what is taken in beside an interval and its context, because what a ledger holds of it is no longer so.
type again struct {
	boundaries []attribution.Day // ascending, none of them of the interval
	days       []attribution.Day // ascending
}

// daysBetween is a half-open range of days.
type daysBetween struct{ from, to attribution.Day }

// intervalOf is the span of a run before its context is known.
func intervalOf(o Options) span { return span{from: floorDay(o.From), to: ceilDay(o.To)} }

// newSpan looks how far back the context of an interval goes: as far as that of any of its boundaries, those of the interval, which may be empty,
// and those that are judged again.
func newSpan(ctx context.Context, db *warehouse.DB, p *plan.Plan, s span, asOf time.Time, more again) (span, error) {
	s.asOf = asOf.UTC()
	s.boundaries = slices.Concat(more.boundaries, s.own())
	slices.Sort(s.boundaries)
	s.end = s.to
	first := s.from
	if len(s.boundaries) > 0 {
		s.end = s.boundaries[len(s.boundaries)-1].Start()
		first = s.boundaries[0].Start().Add(-p.Loop.Evaluate.Window)
	}
	s.looked = earliest(first, first.Add(-p.Loop.Baseline.Trailing), first.Add(-p.Loop.Baseline.Reach)).Add(-match.ReadBefore)
	var err error
	if s.filled, err = match.Days(ctx, db, p, s.looked, s.end, s.asOf); err != nil {
		return s, err
	}
	s.context = s.from
	for _, boundary := range s.boundaries {
		since := contextOf(p.Loop, boundary.Start(), s.filled)
		s.since = append(s.since, attribution.DayOf(since))
		s.context = earliest(s.context, since)
	}
	for _, d := range more.days {
		s.context = earliest(s.context, d.Start())
		if d.Start().Add(day).After(s.end) {
			s.end = d.Start().Add(day)
		}
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
	return match.Span{ReadFrom: s.context.Add(-match.ReadBefore), ReadTo: s.end, From: s.from, To: s.to, Context: s.context, AsOf: s.asOf}
}

// replay gives the predictions that are replayed: those of the days taken in.
func (s span) replay() replay.Span { return replay.Span{From: s.context, To: s.end, AsOf: s.asOf} }

// own lists the boundaries of the interval: those in (from, to].
func (s span) own() []attribution.Day {
	var days []attribution.Day
	for t := s.from.Add(day); !t.After(s.to); t = t.Add(day) {
		days = append(days, attribution.DayOf(t))
	}
	return days
}

// owns tells whether a boundary is one of the interval's.
func (s span) owns(boundary attribution.Day) bool {
	return boundary > attribution.DayOf(s.from) && boundary <= attribution.DayOf(s.to)
}

// has tells whether a day is of the interval.
func (s span) has(d attribution.Day) bool {
	return d >= attribution.DayOf(s.from) && d < attribution.DayOf(s.to)
}

// question asks the loop's standing question at the i-th boundary.
func (s span) question(l *loop.Loop, i int) attribution.Question {
	q := attribution.QuestionOf(l, s.boundaries[i], s.asOf)
	q.Since = s.since[i]
	return q
}

// stateOf reads what the run must know of the ledger.
func (n *night) stateOf(ctx context.Context) (*ledger.State, error) {
	return ledger.ReadState(ctx, n.db, n.options.Ledger, n.ledgerOptions())
}

// ledgerOptions say whose ledger it is.
func (n *night) ledgerOptions() ledger.Options {
	o := n.options.ofLedger(n.loop)
	o.Hold = n.hold
	return o
}
