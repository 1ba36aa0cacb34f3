package attribution

import (
	"fmt"
	"math"
	"slices"

	"github.com/plumbline-data/plumbline/engine/fingerprint"
)

// mostApart is the largest standardised difference of a feature between affected rows and their controls with which the former are
// held against the latter. Source: section 6 of the design, "estimated".
const mostApart = 0.10

// Contrast is the rows of the window between which the cost of a finding is estimated: those that it hits, and those that nothing does. They
// are held against each other within day, version and segments.
type Contrast struct {
	Finding            int     // its place among the findings of the answer
	Affected, Controls []int32 // indices into Cube.Fingerprints
	Days               []Day   // ascending
	// Nodes are the sources that the finding speaks for, and Features those that it is told by: what these, and features of these sources, come
	// to followed from the fault, and says nothing of whether its rows are like others. Of the features in Known a replay says what they
	// should have been.
	Nodes, Features, Known []string
}

// Balance says how alike the rows of a contrast are.
type Balance struct {
	Compared int     // features
	Feature  string  // the one that differs most
	Apart    float64 // its standardised difference, absolute
}

// refused says why rows are not held against each other; "" where they are.
func (b *Balance) refused() string {
	switch {
	case b.Compared == 0:
		return "no feature tells whether they are like others"
	case !(b.Apart <= mostApart):
		return fmt.Sprintf("they are not like others: %s, as it should have been served, differs by %.2f standard deviations, more than %.2f", b.Feature, b.Apart, mostApart)
	}
	return ""
}

// Moments are sums over the rows of one side of a stratum: of weights, and of a covariate and its square times the weight.
type Moments struct{ Weight, Sum, Squares float64 }

func (m *Moments) add(o Moments, scale float64) {
	m.Weight += scale * o.Weight
	m.Sum += scale * o.Sum
	m.Squares += scale * o.Squares
}

// variance of the covariate.
func (m *Moments) variance() float64 {
	mean := m.Sum / m.Weight
	return max(0, m.Squares/m.Weight-mean*mean)
}

// Stratum is what a covariate comes to on both sides of one stratum.
type Stratum struct{ Affected, Controls Moments }

// Apart is the standardised difference of a covariate between affected rows and controls, absolute: the difference of the means in the standard
// deviation of both sides, controls weighed in each stratum as the affected rows are. Strata with one side alone tell nothing. It is infinite
// where the means differ and nothing varies. Source: Austin 2009, Stat. Med. 28(25), 3083-3107, section 3.
func Apart(strata []Stratum) float64 {
	var affected, controls Moments
	for _, s := range strata {
		if s.Affected.Weight > 0 && s.Controls.Weight > 0 {
			affected.add(s.Affected, 1)
			controls.add(s.Controls, s.Affected.Weight/s.Controls.Weight)
		}
	}
	if affected.Weight <= 0 {
		return 0
	}
	apart := math.Abs(affected.Sum-controls.Sum) / affected.Weight
	if apart <= 1e-9 { // no more than rounding of the sums
		return 0
	}
	return apart / math.Sqrt((affected.variance()+controls.variance())/2)
}

// Contrasts lists what the costs of those findings would be estimated from whose rows nothing scores anew, where enough of them have controls.
func (x *Index) Contrasts(q Question) []Contrast {
	s := x.scene(q)
	if len(s.candidates) == 0 {
		return nil
	}
	x.settleRepairs(q, s.hits)
	if !slices.Contains(s.hits.repaired, false) {
		return nil
	}
	in := x.walkOf(q, s.window, s.hits, len(s.candidates))
	var all []Contrast
	for f := range s.candidates {
		if !s.hits.repaired[f] && in.affected[f].held() {
			all = append(all, x.contrast(q, &s, f))
		}
	}
	return all
}

// contrast gives the rows of one finding. A day that a finding hits as a whole has no controls.
func (x *Index) contrast(q Question, s *scene, f int) Contrast {
	c := Contrast{Finding: f}
	places, seen := x.places(), map[int32]bool{}
	for _, i := range s.window {
		d := &x.days[i]
		if s.hits.isWhole(d.day) {
			continue
		}
		c.Days = append(c.Days, d.day)
		for _, p := range d.prints {
			place := places[p.print]
			if place < 0 || seen[place] {
				continue
			}
			seen[place] = true
			if set := s.hits.of(d.day, p.print); set == clean {
				c.Controls = append(c.Controls, place)
			} else if slices.Contains(s.hits.sets[set], f) {
				c.Affected = append(c.Affected, place)
			}
		}
	}
	slices.Sort(c.Affected)
	slices.Sort(c.Controls)
	x.tell(q, &s.candidates[f], &c)
	return c
}

// tell says what a candidate speaks for and is told by.
func (x *Index) tell(q Question, one *candidate, c *Contrast) {
	c.Nodes = append(c.Nodes, one.node)
	if one.claim >= 0 {
		c.Nodes = append(c.Nodes, q.Claims[one.claim].Nodes...)
		c.Features = append(c.Features, q.Claims[one.claim].Features...)
	}
	for _, l := range one.levels {
		switch k := &x.conditions[x.levels[l.level].condition]; {
		case x.isDisputed(l.level):
			c.Known = append(c.Known, k.Of)
		case k.Kind == fingerprint.Cardinality || k.Kind == fingerprint.Staleness || k.Kind == fingerprint.Schema:
			c.Nodes = append(c.Nodes, k.Node)
		default:
			c.Features = append(c.Features, k.Of)
		}
	}
	c.Features = slices.DeleteFunc(c.Features, func(name string) bool { return slices.Contains(c.Known, name) })
}

// Follows tells whether what a feature of a source comes to, "" for one that has none, followed from the finding.
func (c *Contrast) Follows(feature, source string) bool {
	if slices.Contains(c.Known, feature) {
		return false
	}
	return slices.Contains(c.Features, feature) || source != "" && slices.Contains(c.Nodes, source)
}

// Balanced gives the index with how alike the rows of contrasts are, by finding, as Contrasts numbers them for the same question: no other
// finding's cost is estimated. It leaves x as it is.
func (x *Index) Balanced(balances map[int]Balance) *Index {
	copied := *x
	copied.balances = balances
	return &copied
}
