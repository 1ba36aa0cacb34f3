package replay_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/replay"
)

// TestHypotheses holds what every hypothesis of the catalogue says of every differing row of random histories against the
// same worked out row by row.
func TestHypotheses(t *testing.T) {
	worlds(t, 4, func(t *testing.T, n *night) {
		said := map[string]int{}
		from, to, asOf := time.UnixMicro(n.from).UTC(), time.UnixMicro(n.end()).UTC(), time.UnixMicro(n.asOf).UTC()
		err := replay.TryEach(context.Background(), n.db, n.plan, replay.Span{From: from, To: to, AsOf: asOf}, func(s *replay.Subject) {
			(&tries{night: n, s: s, f: n.features[s.Index], said: said}).check()
		})
		if err != nil {
			t.Fatalf("%v\n%s", err, n.yaml())
		}
		t.Logf("rows by way: %v", said)
	})
}

// tries holds the trials of one feature.
type tries struct {
	*night
	s    *replay.Subject
	f    *feature
	said map[string]int
	all  []life // of the source, filtered or not
}

// suspect is a differing row as the stages have it.
type suspect struct {
	p        *prediction
	day      string
	t        int64
	served   any // as logged
	declared any
	fallback any
	bare     bool
	unmet    bool
}

// tryOf is what a stage says of a suspect and a hypothesis.
type tryOf struct {
	value any
	hits  bool
}

func (c *tries) check() {
	suspects := c.suspects()
	got := c.read()
	for row, s := range suspects {
		for h := range c.s.Hypotheses {
			one := &c.s.Hypotheses[h]
			if day := c.s.Days[h]; day != "" && day != s.day {
				continue
			}
			wants := c.serves(one, s)
			said, ok := got[[2]int64{row, int64(h)}]
			if !c.fits(said, ok, wants, one, s) {
				c.t.Errorf("%s says %+v (%v) of %s, want one of %v; declared %v, fallback %v, served %v\n%+v\n%s", one.Key, said, ok, s.p.id, wants, s.declared, s.fallback, s.served, one, c.show(c.f, s.p, s.t))
				return
			}
			if ok {
				c.said[way(one)]++
			}
		}
	}
}

// fits tells whether a stage says what one of wants does, or nothing where that is what is declared.
func (c *tries) fits(said tryOf, ok bool, wants []any, h *cause.Hypothesis, s *suspect) bool {
	meant, served := or(s.declared, s.fallback), or(s.served, s.fallback)
	// Null for a whole join is right where all of its features are null, and for one of them where that is not what it must be.
	may := true
	switch h.Making.Made {
	case cause.Nothing:
		may = s.bare
	case cause.Dropped:
		may = !s.unmet
	}
	for _, want := range wants {
		want = or(want, s.fallback)
		if !ok && c.alike(meant, want, 1e-12) || ok && !c.alike(meant, want, -1e-12) && exact(said.value, want) && said.hits == (may && c.alike(served, want, 0)) {
			return true
		}
	}
	return false
}

func or(v, fallback any) any {
	if v == nil {
		return fallback
	}
	return v
}

func exact(a, b any) bool {
	x, ok := a.(float64)
	y, ok2 := b.(float64)
	if ok && ok2 {
		return x == y || math.Abs(x-y) <= 1e-9*max(math.Abs(x), math.Abs(y))
	}
	return a == b
}

// alike tells values that a trial takes for the same: within the feature's tolerance and some slack.
func (c *tries) alike(a, b any, slack float64) bool {
	x, ok := a.(float64)
	y, ok2 := b.(float64)
	if !ok || !ok2 || x == y {
		return a == b
	}
	if math.IsInf(x, 0) || math.IsInf(y, 0) {
		return false
	}
	if c.f.tolerance != nil {
		return math.Abs(x-y) <= *c.f.tolerance+slack
	}
	return math.Abs(x-y) <= (1e-6+slack)*max(math.Abs(x), math.Abs(y))
}

// way is the kind of a hypothesis, to count what was held against the truth.
func way(h *cause.Hypothesis) string {
	r, i := h.Reading, h.Instant
	switch {
	case i.Clock != cause.Shifted:
		return fmt.Sprintf("%s aged=%v", i.Clock, i.Aged)
	case i.By != 0:
		return fmt.Sprintf("shift aged=%v", i.Aged)
	case r.Shift != 0:
		return fmt.Sprintf("event shift passed=%v", r.Passed)
	case r.Zone != "":
		return "event zone"
	case r.Final, r.All, r.Skips:
		return fmt.Sprintf("final=%v all=%v skips=%v", r.Final, r.All, r.Skips)
	case r.Late != 0 || r.Deadline != 0:
		return fmt.Sprintf("late=%v deadline=%v", r.Late != 0, r.Deadline != 0)
	case r.Normalise != "":
		return "normalise " + r.Normalise
	case r.ToDate != "":
		return "to date"
	case r.Opens != 0 || r.Closes != 0:
		return "bounds"
	case r.Value != 0:
		return "column"
	case r.Filter != 0:
		return "filter"
	case h.Cause == cause.Window:
		return "window"
	}
	return string(h.Cause) + " " + string(h.Making.Made)
}

// suspects reads the differing rows.
func (c *tries) suspects() map[int64]*suspect {
	byID := map[string]*prediction{}
	for _, p := range c.predictions {
		byID[p.id] = p
	}
	all := map[int64]*suspect{}
	for id, r := range c.night.read(fmt.Sprintf("int_suspects_%d", c.s.Index)) {
		p := byID[id]
		t, _ := p.instant()
		s := &suspect{p: p, t: t, day: time.UnixMicro(r["day"].(int64)).UTC().Format(time.DateOnly), served: r["served"], declared: c.replay(c.f, p, t).greatest,
			fallback: c.f.defaultFor(p.version), bare: true}
		if c.f.counts() {
			s.declared = or(s.declared, 0.0)
		}
		at := slices.Index(c.sources, c.f.source)
		telling, alone := false, true
		if met := p.usedRows[at]; c.f.source.logsRows && c.logged(c.f) && met != nil {
			s.bare, telling = *met == 0, true
		}
		for i, g := range c.features {
			if g.source == c.f.source && g.bySub == c.f.bySub {
				s.bare = s.bare && g.none(staged(p.served[i]), p)
				if g != c.f {
					alone = false
					telling = telling || !g.none(c.replay(g, p, t).greatest, p)
				}
			}
		}
		s.unmet = s.bare && (telling || alone)
		if r["bare"] != s.bare || r["unmet"] != s.unmet || !same(r["declared"], s.declared) || r["fallback"] != s.fallback {
			c.t.Errorf("suspect %v, want %+v", r, s)
		}
		all[r["row_no"].(int64)] = s
	}
	return all
}

// counts tells whether a feature is 0 where no row is.
func (f *feature) counts() bool { return f.agg == "count" || f.agg == "count_distinct" }

// none tells whether a value is what a join that met nothing gives: null, its default, or of a count 0.
func (f *feature) none(v any, p *prediction) bool {
	return v == nil || v == f.defaultFor(p.version) || f.counts() && v == 0.0
}

// read reads the trials, by row and hypothesis.
func (c *tries) read() map[[2]int64]tryOf {
	rows, err := c.conn.QueryContext(context.Background(), fmt.Sprintf("select row_no, h, value, hits from int_trials_%d", c.s.Index))
	if err != nil {
		c.t.Fatal(err)
	}
	defer rows.Close()
	all := map[[2]int64]tryOf{}
	for rows.Next() {
		var key [2]int64
		var one tryOf
		if err := rows.Scan(&key[0], &key[1], &one.value, &one.hits); err != nil {
			c.t.Fatal(err)
		}
		if at, ok := one.value.(time.Time); ok {
			one.value = at.UnixMicro()
		}
		if _, twice := all[key]; twice {
			c.t.Fatalf("row %d is tried twice with %s", key[0], c.s.Hypotheses[key[1]].Key)
		}
		all[key] = one
	}
	if err := rows.Err(); err != nil {
		c.t.Fatal(err)
	}
	return all
}
