package cause

import (
	"fmt"
	"math"
	"time"
)

// Rules of what counts as a break of a daily series against its own past.
const (
	pastDays  = 28 // entries that a day is held against
	fewDays   = 14 // fewer say nothing
	fewRows   = 30 // rows that a claim needs
	farShare  = 0.05
	farTimes  = 2.0
	farSigmas = 6.0
)

// run is [first, end) of the entries of a series; open while its last entry is the series' last.
type run struct{ first, end int }

// runs walks through n entries and gives the runs of those that broken says part with their past, the newest pastDays entries
// that are in no run; going tells it that the entry before did. The entry right before a run is no past for it: a fault that
// began in the course of a day is half there. A run must hold for `hold` entries; a shorter one is an odd day, and becomes past
// once it is over. What is said of an entry depends on entries before it only.
func runs(n, least, hold int, broken func(i int, past []int, going bool) bool) []run {
	var found []run
	var past, newest, odd []int
	for i := range n {
		near := past[max(0, len(past)-pastDays):]
		if len(near) >= least && broken(i, near, len(odd) > 0) {
			odd = append(odd, i)
			continue
		}
		if len(odd) >= hold {
			found = append(found, run{odd[0], i})
		} else {
			past = append(append(past, newest...), odd...)
		}
		newest, odd = append(newest[:0], i), odd[:0]
	}
	if len(odd) >= hold {
		found = append(found, run{odd[0], n})
	}
	return found
}

// risen tells a share that is far above its past: by five points, twice the highest, and six standard deviations of what chance
// would make of the highest. Of a rise that goes on half as much is asked.
func risen(hits, rows int64, highest float64, going bool) bool {
	return above(hits, rows, highest, going, farShare, farTimes, farSigmas)
}

// leapt tells a share that is a few points above its past only, but far above what chance would make of the highest: three times that,
// and eight standard deviations. Of a rise that goes on half as much is asked.
func leapt(hits, rows int64, highest float64, going bool) bool {
	return above(hits, rows, highest, going, farShare/2, 3, 8)
}

// above tells whether a share is above the highest of its past by so much, times and standard deviations; going, by half of each.
func above(hits, rows int64, highest float64, going bool, points, times, sigmas float64) bool {
	if rows == 0 {
		return false
	}
	if going {
		points, times, sigmas = points/2, (1+times)/2, sigmas/2
	}
	share := float64(hits) / float64(rows)
	base := math.Max(highest, 1/float64(rows))
	sigma := math.Sqrt(base * (1 - math.Min(base, 0.99)) / float64(rows))
	return share >= highest+points && share >= times*highest && share-base >= sigmas*sigma
}

const (
	standDays   = 4   // each above all of its past
	standPast   = 14  // days
	standTimes  = 1.5 // the share of the past
	standSigmas = 8   // of the past's days
)

// stood is the first run of days that are no leap, each, but that all stand above each of their past days: four days with 30 hits, whose share
// together is half as much again as that of the past and eight standard deviations of its days above it, or of chance's where that is more.
// The day before the run, which may be half of it, is none of its past. Sigmas is 0 where there is no such run.
func stood(n int, count func(i int) (hits, rows int64)) (found run, sigmas float64) {
	share := func(i int) float64 { return shareOf(count(i)) }
	for first := standPast + 1; first+standDays <= n; first++ {
		past := indexes(max(0, first-1-pastDays), first-1)
		highest := highestOf(past, share)
		end := first
		for end < n && share(end) > highest {
			end++
		}
		hits, rows := summed(indexes(first, end), count)
		if end-first < standDays || hits < fewRows {
			continue
		}
		was, of := summed(past, count)
		m := float64(len(past))
		usual := math.Max(shareOf(was, of), 1/math.Max(float64(of), 1))
		variance := usual * (1 - usual) * m / math.Max(float64(of), 1) // of a day's share by chance
		days := 0.0
		for _, p := range past {
			days += (share(p) - usual) * (share(p) - usual) / (m - 1)
		}
		now := shareOf(hits, rows)
		s := (now - usual) / math.Sqrt(math.Max(variance, days)*(1/float64(end-first)+1/m))
		if now >= standTimes*usual && s >= standSigmas {
			return run{first, end}, s
		}
	}
	return run{}, 0
}

// summed adds up what is counted of some days.
func summed(days []int, count func(i int) (hits, rows int64)) (hits, rows int64) {
	for _, i := range days {
		h, r := count(i)
		hits, rows = hits+h, rows+r
	}
	return hits, rows
}

// shareOf is part of whole, 0 of nothing.
func shareOf(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// hull is the range that quantile q took on past days.
func hull(past []int, of func(i int) Quantiles, q int) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, i := range past {
		v := of(i)[q]
		low, high = math.Min(low, v), math.Max(high, v)
	}
	return low, high
}

// before cuts ascending entries at the first whose day is not before the boundary.
func before[T any](days []T, boundary Day, of func(*T) Day) []T {
	n := len(days)
	for n > 0 && of(&days[n-1]) >= boundary {
		n--
	}
	return days[:n]
}

// lasts tells whether a span reaches a day or goes on.
func (s Span) lasts(since Day) bool { return s.To.IsZero() || s.To.After(since.Start()) }

// recent keeps the spans that reach into the days from since on.
func recent(spans []Span, since Day) []Span {
	var kept []Span
	for _, s := range spans {
		if s.lasts(since) {
			kept = append(kept, s)
		}
	}
	return kept
}

// percent writes a share for people.
func percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

// onDay writes a day as evidence names it.
func onDay(d Day) string { return d.Start().Format(time.DateOnly) }

// toMinute writes an instant as evidence names it.
func toMinute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
