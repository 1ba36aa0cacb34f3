package attribution

import "slices"

const (
	// majority is the share of a day's predictions above which a broken promise is no longer a part of the day but its rule.
	majority = 0.5

	// countedDay is how many predictions a day needs for a share of them to be told.
	countedDay = 30
)

// worstDay is the largest share of a window day's predictions that one of the levels hits; 0 where no day is large enough.
func (x *Index) worstDay(window []int, levels []int32) float64 {
	worst := 0.0
	for _, i := range window {
		d := &x.days[i]
		if d.predictions < countedDay {
			continue
		}
		var n int64
		for _, p := range d.prints {
			if slices.ContainsFunc(levels, func(l int32) bool { return slices.Contains(x.levelsOf(p.print), l) }) {
				n += p.predictions
			}
		}
		worst = max(worst, float64(n)/float64(d.predictions))
	}
	return worst
}

// brokenLevels are the candidate's levels that break a promise.
func (c *candidate) brokenLevels() []int32 {
	var broken []int32
	for _, l := range c.levels {
		if l.q == nil {
			broken = append(broken, l.level)
		}
	}
	return broken
}
