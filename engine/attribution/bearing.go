package attribution

import "slices"

// Bearing counts, by day, the predictions that bear any of the levels.
func (x *Index) Bearing(levels []LevelName) map[Day]int64 {
	of := map[int32]bool{}
	for id, l := range x.levels {
		c := &x.conditions[l.condition]
		if slices.Contains(levels, LevelName{c.Name(), c.LevelName(l.code)}) {
			of[int32(id)] = true
		}
	}
	counts := map[Day]int64{}
	if len(of) == 0 {
		return counts
	}
	bears := make([]bool, x.prints)
	for print := range bears {
		bears[print] = slices.ContainsFunc(x.levelsOf(int32(print)), func(l int32) bool { return of[l] })
	}
	for i := range x.days {
		for _, p := range x.days[i].prints {
			if bears[p.print] {
				counts[x.days[i].day] += p.predictions
			}
		}
	}
	return counts
}
