package attribution

import (
	"strings"
	"testing"
)

func TestPeriods(t *testing.T) {
	unhealthy := func(from, to Day) func(Day) bool {
		return func(d Day) bool { return d >= boundary+from && d < boundary+to }
	}
	for _, c := range []struct {
		name     string
		ask      func(*Question, *Cube)
		from, to Day // of the baseline, relative to the boundary
		days     int
		window   int
		note     string
	}{
		{name: "trailing", from: -35, to: -7, days: 28, window: 7},
		{name: "sick days are passed over", ask: func(q *Question, _ *Cube) { q.Unhealthy = unhealthy(-20, -7) }, from: -48, to: -20, days: 28, window: 7},
		{name: "reach ends it", ask: func(q *Question, _ *Cube) { q.Unhealthy = unhealthy(-20, -7); q.Baseline.Reach = 30 }, from: -37, to: -20, days: 17, window: 7},
		{name: "six healthy days are too few", ask: func(q *Question, _ *Cube) { q.Unhealthy = unhealthy(-91, -7) }, from: -97, to: -69, days: 28, window: 7,
			note: "baseline_unhealthy: 6 healthy days"},
		{name: "seven are enough", ask: func(q *Question, _ *Cube) { q.Unhealthy = unhealthy(-90, -7) }, from: -97, to: -90, days: 7, window: 7},
		{name: "fixed", ask: func(q *Question, _ *Cube) { q.Baseline.From, q.Baseline.To = boundary-60, boundary-50 }, from: -60, to: -50, days: 10, window: 7},
		{name: "fixed over the window", ask: func(q *Question, _ *Cube) { q.Baseline.From, q.Baseline.To = boundary-10, boundary }, from: -10, to: -7, days: 3, window: 7},
		{name: "open day", ask: func(_ *Question, c *Cube) { c.Closed[boundary-1] = false }, from: -35, to: -7, days: 28, window: 6, note: "open_days: 1 of"},
	} {
		b := newBuilder(t)
		for d := boundary - 100; d < boundary; d++ {
			b.add(rows{day: d, n: 100, loss: 0.4})
		}
		q := question()
		if c.ask != nil {
			c.ask(&q, b.cube)
		}
		e := newAlike(b.cube).Evaluate(q)
		got := e.Baseline
		if got.From != boundary+c.from || got.To != boundary+c.to || len(got.Days) != c.days || len(e.Window.Days) != c.window {
			t.Errorf("%s: baseline [%d, %d) of %d days, window of %d; want [%d, %d) of %d, window of %d", c.name,
				got.From-boundary, got.To-boundary, len(got.Days), len(e.Window.Days), c.from, c.to, c.days, c.window)
		}
		if notes := strings.Join(e.Notes, "\n"); !strings.HasPrefix(notes, c.note) || c.note == "" && notes != "" {
			t.Errorf("%s: notes %q, want %q", c.name, notes, c.note)
		}
	}
}
