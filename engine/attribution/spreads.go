package attribution

import (
	"maps"
	"math"
	"slices"
)

// tally is the rows of a period by day, so that each metric can be told without one of the days too. Sums are at the window's ages, bins of
// scores whatever is known.
type tally struct {
	days    []Day
	classes []ageClass
	bins    []HistogramBin   // of all days, ascending
	byDay   [][]HistogramBin // the same by day
}

// ageClass is the rows of a period that are known up to one age. A period's mean is that of its classes' means, by their shares.
type ageClass struct {
	share float64
	byDay []sums
}

func newClass(share float64, days int) ageClass {
	return ageClass{share: share, byDay: make([]sums, days)}
}

// total adds up the days but one.
func (c *ageClass) total(without int) (s sums) {
	for d := range c.byDay {
		if d != without {
			s.add(c.byDay[d])
		}
	}
	return s
}

// windowTally is the window's rows, each day at its own age.
func (x *Index) windowTally(q Question, a *ages, window []int) tally {
	t := x.newTally(q, window)
	c := newClass(1, len(window))
	for k, i := range window {
		for _, total := range x.days[i].totals {
			if total.slot <= a.window[k] {
				c.byDay[k].add(total.sums)
			}
		}
	}
	t.classes = []ageClass{c}
	return t
}

// baselineTally is the baseline's rows, mixed to the window's ages.
func (x *Index) baselineTally(q Question, a *ages, baseline []int) tally {
	t := x.newTally(q, baseline)
	for k, slot := range a.slots {
		c := newClass(a.share[k], len(baseline))
		for d, i := range baseline {
			for _, total := range x.days[i].totals {
				if total.slot <= slot {
					c.byDay[d].add(total.sums)
				}
			}
		}
		t.classes = append(t.classes, c)
	}
	return t
}

func (x *Index) newTally(q Question, days []int) (t tally) {
	for _, i := range days {
		t.days = append(t.days, x.days[i].day)
	}
	if q.Scores == nil || len(days) == 0 {
		return t
	}
	t.bins = sortedBins(q.Scores(t.days))
	for _, d := range t.days {
		t.byDay = append(t.byDay, sortedBins(q.Scores([]Day{d})))
	}
	return t
}

// everyDay leaves out no day.
const everyDay = -1

// moments are the period's without a day; false where nothing is left of a class.
func (t *tally) moments(without int) (m moments, ok bool) {
	for i := range t.classes {
		s := t.classes[i].total(without)
		rows := s.weight.Float()
		if rows <= 0 {
			return moments{}, false
		}
		m.add(&s, t.classes[i].share/rows)
	}
	return m, len(t.classes) > 0
}

// scores is the period's histogram without a day.
func (t *tally) scores(without int) []HistogramBin {
	if without == everyDay || len(t.byDay) == 0 {
		return t.bins
	}
	left := slices.Clone(t.bins)
	at := 0
	for _, b := range t.byDay[without] {
		for at < len(left) && left[at].Bin < b.Bin {
			at++
		}
		if at < len(left) && left[at].Bin == b.Bin {
			left[at].Positives, left[at].Negatives = left[at].Positives.Sub(b.Positives), left[at].Negatives.Sub(b.Negatives)
		}
	}
	return left
}

// metrics are the period's without a day.
func (t *tally) metrics(q Question, without int) map[string]float64 {
	named := map[string]float64{}
	if m, ok := t.moments(without); ok {
		named = m.metrics(q)
	}
	scored(q.Task, t.scores(without), named)
	return named
}

// rows is how many rows with an outcome the period has, at its oldest age.
func (t *tally) rows() (n float64) {
	for i := range t.classes {
		n = max(n, float64(t.classes[i].total(everyDay).rows))
	}
	return n
}

// has tells whether a day has a row with an outcome.
func (t *tally) has(day int) bool {
	return slices.ContainsFunc(t.classes, func(c ageClass) bool { return c.byDay[day].weight.Float() > 0 })
}

// series gives the pseudo-values of each metric, n times its value less n - 1 times its value without the day, over the n days with outcomes:
// of a mean over days that count alike these are the days' own means. A metric that cannot be told without one of the days has none. Quantiles are
// not smooth: theirs are linear in the share of a day's rows that is below. Source: Tukey 1958, Ann. Math. Stat. 29; for quantiles
// Kovar, Rao and Wu 1988, Can. J. Stat. 16.
func (t *tally) series(q Question, all map[string]float64) map[string]series {
	var days []int
	for d := range t.days {
		if t.has(d) {
			days = append(days, d)
		}
	}
	out := map[string]series{}
	for name := range all {
		out[name] = series{}
	}
	n := float64(len(days))
	for _, d := range days {
		without := all
		if len(days) > 1 {
			without = t.metrics(q, d)
		}
		for name, s := range out {
			value, ok := without[name]
			if !ok {
				delete(out, name)
				continue
			}
			s.add(t.days[d], n*all[name]-(n-1)*value)
			out[name] = s
		}
	}
	for _, of := range errorShares {
		if _, ok := out[of.name]; ok {
			delete(out, of.name)
			if s, ok := t.quantileSeries(of.share, days); ok {
				out[of.name] = s
			}
		}
	}
	return out
}

// halfDoubling is how many bins of errors around a quantile tell how densely errors lie there, on each side.
const halfDoubling = 8

// How far a quantile can be trusted days tell where so many rows of a period lie above it, and no larger share is asked
// for: what is farther out hangs on a few of the days (of the 99th percentile the intervals would hold 82 of 100, as simulated).
const (
	leastBeyond  = 30
	farthestTold = 0.9
)

// quantileSeries is what a quantile of the absolute error is by day: the quantile, and by how much the day moves it. False where it is 0,
// few errors are above it, or none near.
func (t *tally) quantileSeries(share float64, days []int) (s series, ok bool) {
	at, ok := errorQuantile(t.bins, share)
	if !ok || at == noError {
		return s, false
	}
	below := func(bins []HistogramBin, upTo int) (rows, all float64) {
		for i := range bins {
			if bins[i].Bin <= upTo {
				rows += bins[i].rows()
			}
			all += bins[i].rows()
		}
		return rows, all
	}
	under, all := below(t.bins, at)
	if share > farthestTold || t.rows()*(1-share) < leastBeyond {
		return s, false
	}
	low, _ := below(t.bins, at-halfDoubling)
	high, _ := below(t.bins, at+halfDoubling)
	density := (high - low) / all / (upperEnd(at+halfDoubling) - upperEnd(at-halfDoubling))
	for _, d := range days {
		rows, of := below(t.byDay[d], at)
		s.add(t.days[d], upperEnd(at)+float64(len(days))*(of*under/all-rows)/all/density)
	}
	return s, density > 0
}

// metricIntervals are the 95 % intervals of what metrics changed by, days being the clusters, as those of losses are. Reliability has
// none: it is made of squares, of which the shorter period has more because its rows are few. Nor has one of scores that were cut at a
// threshold where a period has few of the rows that it is a share of.
func metricIntervals(q Question, before, after *tally, baseline, current map[string]float64) map[string][2]float64 {
	was, is := before.series(q, baseline), after.series(q, current)
	out := map[string][2]float64{}
	for _, name := range slices.Sorted(maps.Keys(is)) {
		old, ok := was[name]
		if !ok || name == aucErrorBound || name == "brier_reliability" || min(before.shared(name), after.shared(name)) < leastShared {
			continue
		}
		half, ok := contrast(old, is[name]).half()
		if delta := current[name] - baseline[name]; ok && !math.IsNaN(half) && !math.IsInf(half, 0) {
			out[name] = [2]float64{nine(delta - half), nine(delta + half)}
		}
	}
	return out
}

// leastShared is how many rows a share is of, at the least, for its days to tell how far it can be trusted.
const leastShared = 30

// shared is the weight of the rows that a metric of scores cut at one half is a share of; of other metrics there is no end of it.
func (t *tally) shared(name string) float64 {
	positives, alarms := 0.0, 0.0
	for i := range t.bins {
		positives += t.bins[i].Positives.Float()
		if t.bins[i].alarmed() {
			alarms += t.bins[i].rows()
		}
	}
	switch name {
	case "precision":
		return alarms
	case "recall":
		return positives
	case "f1":
		return min(positives, alarms)
	}
	return math.Inf(1)
}
