package cause

import (
	"cmp"
	"math"
	"time"
)

const (
	// mostChosen is how many hypotheses may share the rows of a day, or of a source.
	mostChosen = 6
	// leastNamed is how many rows of a day a hypothesis must reproduce to name them, unless it reproduces them all.
	leastNamed = 3
	// deviations is by how many of its standard deviations chance must be exceeded.
	deviations = 4
)

// Choose gives the finalists that name the rows of a day, as bits of its patterns: first the one that reproduces the most rows,
// then of the rest again; of several alike the simplest. Each must reproduce more than chance would.
func Choose(d *TrialDay) []int {
	var total int64
	for _, p := range d.Patterns {
		total += p.Rows
	}
	var chosen []int
	var taken uint64
	for len(chosen) < mostChosen {
		best, most := -1, int64(0)
		for i := range d.Finalists {
			f := &d.Finalists[i]
			hits, counted := d.left(i, taken)
			if hits < most || hits == 0 || hits < leastNamed && hits < total || !f.exceeds(hits, counted) {
				continue
			}
			if hits > most || simpler(f.Hypothesis, d.Finalists[best].Hypothesis) {
				best, most = i, hits
			}
		}
		if best < 0 {
			break
		}
		chosen = append(chosen, best)
		taken |= 1 << best
	}
	return chosen
}

// left counts the rows that finalist i reproduces and counts among those that none of taken reproduces.
func (d *TrialDay) left(i int, taken uint64) (hits, counted int64) {
	for _, p := range d.Patterns {
		if p.Hits&taken != 0 {
			continue
		}
		if p.Hits>>i&1 == 1 {
			hits += p.Rows
		}
		if p.Counted>>i&1 == 1 {
			counted += p.Rows
		}
	}
	return hits, counted
}

// exceeds tells whether so many hits among the counted rows are more than chance, and stand on evidence.
func (f *Finalist) exceeds(hits, counted int64) bool {
	if !f.evident() {
		return false
	}
	if _, of := f.chance(); of == 0 {
		return true // a single row: nothing to shuffle
	}
	var o odds
	o.add(f, hits, counted)
	return o.exceeded()
}

// evident tells whether the finalist stands on evidence: a map that was fitted to what it explains does not.
func (f *Finalist) evident() bool { return f.Making.Made != Mapped || f.Pieces.N > 0 }

// odds is rows that hypotheses reproduce, beside how many of them chance would.
type odds struct {
	hits           int64
	lucky, scatter float64 // hits that chance would give, and their variance
}

// add takes in the rows of one finalist.
func (o *odds) add(f *Finalist, hits, counted int64) {
	lucky, of := f.chance()
	c, n := 1.0, float64(counted)
	if of > 0 {
		c = lucky / of
	}
	o.hits, o.lucky, o.scatter = o.hits+hits, o.lucky+c*n, o.scatter+c*(1-c)*n
}

// exceeded tells whether there are more hits than chance would give.
func (o *odds) exceeded() bool {
	return float64(o.hits) > o.lucky+deviations*math.Sqrt(o.scatter)
}

// simpler tells whether a comes before b where both reproduce as much.
func simpler(a, b *Hypothesis) bool { return Simpler(a, b) < 0 }

// Simpler orders hypotheses that reproduce as much: the simpler family first, then the shorter lag.
func Simpler(a, b *Hypothesis) int {
	return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Instant.By.Abs(), b.Instant.By.Abs()), cmp.Compare(a.Key, b.Key))
}

// dayNumber is a UTC day as a number, for maps.
func dayNumber(t time.Time) int64 { return t.Unix() / 86400 }
