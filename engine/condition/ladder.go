package condition

import (
	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/fingerprint"
)

// Ladder gives the levels of staleness of the plan's i-th join: from which age on rows stand at each. A join with a static
// table has none.
func (d *Deck) Ladder(i int) (cause.Ladder, bool) {
	j := &d.plan.Joins[i]
	s := &d.plan.Sources[j.Source]
	for _, c := range d.Layout.Conditions {
		if s.Static || c.Kind != fingerprint.Staleness || c.Of != j.Name {
			continue
		}
		l := cause.Ladder{Condition: c.Name(), None: c.Levels[StalenessNone].Name}
		bounds := stalenessBounds(s.Decl.FreshWithin, j.Within)
		for n := range bounds {
			l.Steps = append(l.Steps, cause.Step{Level: c.Levels[n+1].Name, Over: bounds[n]})
		}
		return l, true
	}
	return cause.Ladder{}, false
}

// ValueCondition gives the index in the layout of the value condition of the plan's i-th feature.
func (d *Deck) ValueCondition(i int) int {
	for n := range d.places {
		if d.places[n].Kind == fingerprint.Value && d.places[n].Feature == i {
			return n
		}
	}
	return -1
}
