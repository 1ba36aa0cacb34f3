package attribution

import (
	"math"

	"github.com/plumbline-data/plumbline/engine/fingerprint"
)

// mostlyDemand is the share of what fewer predictions would lead to expect that a source must still bring, for these to account for its
// fewer rows.
const mostlyDemand = 0.75

// due is the share of the window's predictions at a level that is to be expected by the baseline. A source that brings fewer rows because
// the population that it tells of became smaller, as the predictions did, has none to show more often, and older ones: where its rows come
// independently of each other, at a rate that is brought times what it was, the chance p that none came in some time becomes p^brought at
// most, whatever the rates of its keys (a mean of powers below one is at most the power of the mean; Jensen 1906, Acta Math. 30). No more is
// due than what the fewer predictions account for. Neither period may be empty.
func (x *Index) due(q Question, l int32, window, baseline []int, in, base *census) float64 {
	share := base.share(base.levels[l])
	k := &x.conditions[x.levels[l].condition]
	if q.Brought == nil || !x.lacks(l) {
		return share
	}
	demand := perDay(in.predictions, window) / perDay(base.predictions, baseline)
	now, known := x.broughtOn(q, k.Node, window)
	was, also := x.broughtOn(q, k.Node, baseline)
	if !known || !also || was == 0 || !(demand < 1) || now >= was || now/was < mostlyDemand*demand {
		return share
	}
	n := base.levels[l]
	if k.Kind == fingerprint.Staleness {
		n += x.staler(base, int(l)) // that no row came lately is true of these too
	}
	return max(share, math.Pow(base.share(n), max(now/was, demand)))
}

// lacks tells the levels that say that no row came, or none lately.
func (x *Index) lacks(l int32) bool {
	id := x.levels[l]
	k := &x.conditions[id.condition]
	switch name := k.LevelName(id.code); k.Kind {
	case fingerprint.Staleness:
		return !ahead(k, id.code)
	case fingerprint.Window:
		return name == "empty" // of fewer rows it is rarer that one of them came late
	case fingerprint.Cardinality:
		return name == "none"
	case fingerprint.Value:
		return name == "null" || name == "default"
	}
	return false
}

// broughtOn is the mean number of rows that a source brought on some days; false where it is not known of all.
func (x *Index) broughtOn(q Question, node string, days []int) (rows float64, known bool) {
	for _, i := range days {
		n, ok := q.Brought(node, x.days[i].day)
		if !ok {
			return 0, false
		}
		rows += float64(n) / float64(len(days))
	}
	return rows, true
}

func perDay(n int64, days []int) float64 { return float64(n) / float64(len(days)) }
