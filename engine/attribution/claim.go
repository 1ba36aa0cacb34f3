package attribution

import (
	"slices"

	"github.com/plumbline-data/plumbline/engine/fingerprint"
)

// Claim is a cause that was found elsewhere, to be charged with its rows: those at its levels, or, without any, all
// predictions of its days.
type Claim struct {
	Cause   string
	Node    string
	Nodes   []string // sources that it speaks for: their other broken levels are its own where they hit the same rows
	Proven  bool     // else it is likely
	Tier    Tier
	Outcome bool // about the outcomes
	Levels  []LevelName
	On      []Day     // of a claim whose levels other rows bear too: its days, ascending; nil: all on which a row bears one
	Spans   []DaySpan // of a claim without levels
	// Features of a claim without levels: what their values and windows came to on its days followed from it.
	Features []string
	Thinned  bool // rows of the node are missing: how old the newest one is followed from it too
	// Mend is the number of what puts its rows right where no replay contradicts them, from 1 up to MostMends; 0: nothing does.
	Mend int
}

// DaySpan is the days [From, To).
type DaySpan struct{ From, To Day }

// in tells whether a day is in one of the claim's spans.
func (c *Claim) in(d Day) bool {
	return slices.ContainsFunc(c.Spans, func(s DaySpan) bool { return d >= s.From && d < s.To })
}

// on tells whether a day may be one of the claim's.
func (c *Claim) on(d Day) bool {
	if c.On == nil {
		return true
	}
	_, found := slices.BinarySearch(c.On, d)
	return found
}

// follows tells whether a level of a condition can follow from a claim of whole days: a value that is not there, a window that
// is empty, a value never seen, and of missing rows the age of the newest one. That serving and replay part ways, or that a
// promise is broken, does not.
func (c *Claim) follows(k *fingerprint.Condition, s fingerprint.Standing) bool {
	return len(c.Levels) == 0 && s == fingerprint.Usual && (slices.Contains(c.Features, k.Of) || c.Thinned && k.Kind == fingerprint.Staleness)
}

// LevelName names a level of a condition.
type LevelName struct{ Condition, Level string }

// sharedRows is the share of a level's rows that a claim of its node must hit for the level to be that claim's.
const sharedRows = 0.5

// claimed makes a candidate of each claim that has rows among the days looked at, and gives the levels that are left.
func (x *Index) claimed(claims []Claim, found []listed, window []int, in *census) (all []candidate, rest []listed) {
	taken := map[int32]int{} // candidate by level
	for i := range claims {
		c := &claims[i]
		one := candidate{node: c.Node, cause: c.Cause, claim: i, tier: c.Tier, outcome: c.Outcome, proven: c.Proven, spans: c.Spans}
		if c.Mend <= MostMends {
			one.mend = c.Mend
		}
		for id := range x.levels {
			l := &x.levels[id]
			k := &x.conditions[l.condition]
			if slices.Contains(c.Levels, LevelName{k.Name(), k.LevelName(l.code)}) {
				one.levels = append(one.levels, listed{level: int32(id)})
				one.own = append(one.own, int32(id))
				taken[int32(id)] = len(all)
			}
		}
		if len(one.levels) > 0 || len(c.Levels) == 0 {
			all = append(all, one)
		}
	}
	for _, l := range found {
		if _, ok := taken[l.level]; ok {
			continue
		}
		k := &x.conditions[x.levels[l.level].condition]
		best, most := -1, 0.0
		for f := range all {
			c := &claims[all[f].claim]
			if c.Node != k.Node && !slices.Contains(c.Nodes, k.Node) {
				continue
			}
			if c.follows(k, x.standing(l.level)) {
				if share := x.within(l.level, window, c); share >= sharedRows && share > most {
					best, most = f, share
				}
				continue
			}
			if share := x.overlap(l.level, all[f].levels, in); share >= sharedRows && share > most {
				best, most = f, share
			}
		}
		if best < 0 {
			rest = append(rest, l)
			continue
		}
		if len(claims[all[best].claim].Levels) == 0 {
			all[best].beside = append(all[best].beside, l)
			continue
		}
		all[best].levels = append(all[best].levels, l)
	}
	for f := range all {
		slices.SortFunc(all[f].beside, func(a, b listed) int { return int(a.level) - int(b.level) })
		slices.SortFunc(all[f].levels, func(a, b listed) int { return int(a.level) - int(b.level) })
	}
	return all, rest
}

// within is the share of a level's predictions in the window that were made on a claim's days.
func (x *Index) within(level int32, window []int, c *Claim) float64 {
	var both, all int64
	for _, i := range window {
		n := x.onDay(&x.days[i], level)
		all += n
		if c.in(x.days[i].day) {
			both += n
		}
	}
	if all == 0 {
		return 0
	}
	return float64(both) / float64(all)
}

// overlap is the share of a level's predictions that are also at one of the others.
func (x *Index) overlap(level int32, others []listed, in *census) float64 {
	var both, all int64
	for print, n := range in.prints {
		if n == 0 {
			continue
		}
		levels := x.levelsOf(int32(print))
		if !slices.Contains(levels, level) {
			continue
		}
		all += n
		if slices.ContainsFunc(others, func(o listed) bool { return slices.Contains(levels, o.level) }) {
			both += n
		}
	}
	if all == 0 {
		return 0
	}
	return float64(both) / float64(all)
}
