package replay_test

import (
	"fmt"
	"math"

	"github.com/plumbline-data/plumbline/engine/fingerprint"
)

// checkLevels holds every level of every prediction against the design's section 4, and sees that its fingerprint gives
// them all back.
func (n *night) checkLevels() {
	layout := n.deck.Layout
	if layout.Words < 2 {
		n.t.Errorf("the layout has %d words, want several", layout.Words)
	}
	got, packed := n.read("int_conditions"), n.read("int_fingerprints")
	predictions := n.replayed()
	if len(got) != len(predictions) || len(packed) != len(predictions) {
		n.t.Errorf("conditions of %d predictions, fingerprints of %d, want %d", len(got), len(packed), len(predictions))
	}
	for _, p := range predictions {
		words := make([]uint64, 0, layout.Words)
		for _, word := range packed[p.id]["fingerprint"].([]any) {
			words = append(words, word.(uint64))
		}
		if len(words) != layout.Words {
			n.t.Fatalf("a fingerprint of %d words, want %d", len(words), layout.Words)
		}
		t, _ := p.instant()
		for i, c := range layout.Conditions {
			code := got[p.id][fmt.Sprintf("c_%d", i)].(uint16)
			if unpacked := layout.Level(words, i); unpacked != code {
				n.t.Fatalf("%s: level %d comes out of the fingerprint as %d", c.Name(), code, unpacked)
			}
			f := n.subject(c)
			if want := n.level(c, f, p, t); code != want {
				text := ""
				if f != nil && f.source != nil {
					text = n.show(f, p, t)
				}
				n.t.Fatalf("prediction %s, %s: got %s, want %s\n%s", p.id, c.Name(), c.LevelName(code), c.LevelName(want), text)
			}
		}
	}
}

// subject is the feature that a condition is of, or any feature of its join or source.
func (n *night) subject(c fingerprint.Condition) *feature {
	for _, f := range n.features {
		switch {
		case c.Of == f.name,
			f.source != nil && joinName(f) == c.Of,
			f.source != nil && f.source.name == c.Of && c.Kind == fingerprint.Schema:
			return f
		}
	}
	return nil
}

func (n *night) level(c fingerprint.Condition, f *feature, p *prediction, t int64) uint16 {
	switch c.Kind {
	case fingerprint.Cardinality:
		return n.cardinality(f, p, t)
	case fingerprint.Staleness:
		return n.staleness(f, p, t)
	case fingerprint.Window:
		return n.completeness(f, p, t)
	case fingerprint.Value:
		return n.meeting(f, p, t)
	case fingerprint.Domain:
		return n.domain(f, p)
	case fingerprint.Schema:
		return n.schema(c, f, p, t)
	}
	switch {
	case p.known == 0 || p.known > n.asOf:
		return 0
	case p.known > *p.at+horizon:
		return 4
	}
	return 1
}

func (n *night) cardinality(f *feature, p *prediction, t int64) uint16 {
	_, rows := n.used(f, p, t)
	switch {
	case rows == int64(0):
		return 1
	case rows == int64(1) || f.source.expect == "many":
		return 0
	}
	return 2
}

func (n *night) staleness(f *feature, p *prediction, t int64) uint16 {
	at, _ := n.used(f, p, t)
	if at == nil {
		return 8
	}
	age := t - at.(int64)
	if age < 0 {
		return 9
	}
	scale, _, _ := n.join(f, p, t)
	if f.source.fresh > 0 {
		scale = f.source.fresh
	}
	for i := range 7 {
		bound := scale / 8 << i
		if scale == 0 { // seven bounds from a minute to 64 days in equal ratios
			bound = int64(math.Round(60*math.Pow(64*24*60, float64(i)/6))) * 1e6
		}
		if age <= bound {
			return uint16(i)
		}
	}
	return 7
}

func (n *night) completeness(f *feature, p *prediction, t int64) uint16 {
	a := n.window(f, p, t)
	known := int64(a.known)
	for i := range n.features {
		if n.features[i] == f {
			known = a.served(f, p.loggedRows[i]).(int64)
		}
	}
	switch {
	case known > int64(a.final):
		return 3
	case a.final == 0:
		return 2
	case known < int64(a.final):
		return 1
	}
	return 0
}

// meeting is how the served value and the replay meet.
func (n *night) meeting(f *feature, p *prediction, t int64) uint16 {
	served := n.servedOf(f, p)
	nothing := true // to serve nothing is an answer
	var other uint16
	if f.source != nil {
		a := n.replay(f, p, t)
		for _, v := range append(a.tied, a.greatest) {
			if f.agrees(served, v) {
				return 0
			}
		}
		counts := f.agg == "count" || f.agg == "count_distinct"
		nothing = a.null() || counts && a.greatest == 0.0
		other = 3
	}
	switch {
	case !nothing:
		return 3
	case served == nil:
		return 1
	case f.agrees(served, f.defaultFor(p.version)):
		return 2
	}
	return other
}

// domain holds a served value against those of the 28 days before its day.
func (n *night) domain(f *feature, p *prediction) uint16 {
	served := n.servedOf(f, p)
	if served == nil {
		return 0
	}
	today := floor(*p.at, "day")
	rows, seen := 0, false
	low, high := math.Inf(1), math.Inf(-1)
	for _, q := range n.predictions {
		if !n.reads(q) || floor(*q.at, "day") < today-28*day || floor(*q.at, "day") >= today {
			continue
		}
		rows++
		v := n.servedOf(f, q)
		seen = seen || v == served
		if x, ok := v.(float64); ok && !math.IsInf(x, 0) {
			low, high = min(low, x), max(high, x)
		}
	}
	x, number := served.(float64)
	switch {
	case rows == 0 || number && low > high:
		return 3
	case number && (x < low-(high-low)/2 || x > high+(high-low)/2):
		return 2
	case !number && !seen:
		return 1
	}
	return 0
}

func (n *night) schema(c fingerprint.Condition, f *feature, p *prediction, t int64) uint16 {
	switch c.Of {
	case "predictions":
		return n.plan.Inventory.Predictions.Files[0].SchemaID
	case "outcomes":
		if p.known == 0 || p.known > n.asOf || p.known > *p.at+horizon {
			return 0
		}
		return n.plan.Inventory.Outcomes.Files[0].SchemaID
	}
	for i, s := range n.sources {
		// Where the source has several joins, the first speaks.
		for _, j := range n.plan.Joins {
			if j.Source != i || s.name != c.Of {
				continue
			}
			for k, g := range n.features {
				if g.source == s && n.plan.Features[k].Join == j.Index {
					f = g
				}
			}
			if _, found, _ := n.join(f, p, t); len(found) > 0 {
				return n.plan.Inventory.Sources[i].Files[0].SchemaID
			}
			return 0
		}
	}
	return 0
}
