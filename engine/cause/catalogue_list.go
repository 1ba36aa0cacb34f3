package cause

import (
	"cmp"
	"slices"
	"time"
)

// Hypotheses lists what is tried for a feature on days, [from, to), whatever its rows are like: simplest first.
func Hypotheses(f *Feature, days [2]time.Time) []Hypothesis {
	return order(slices.Concat(missHypotheses(f), columnHypotheses(f), zoneHypotheses(f, days), cutoffHypotheses(f), definitionHypotheses(f),
		remapHypotheses(f), nullHypotheses(f), logicHypotheses(f), fanOutHypotheses(f), staleHypotheses(f), windowHypotheses(f), futureHypotheses(f)))
}

// HypothesesFrom lists what the rows of one day suggest.
func HypothesesFrom(f *Feature, pairs []Pair, implied []Implied) []Hypothesis {
	return order(slices.Concat(RemapFrom(f, pairs), NullFrom(f, pairs), StaleFrom(f, implied)))
}

func order(all []Hypothesis) []Hypothesis {
	slices.SortStableFunc(all, func(a, b Hypothesis) int { return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Key, b.Key)) })
	return slices.CompactFunc(all, func(a, b Hypothesis) bool { return a.Key == b.Key })
}
