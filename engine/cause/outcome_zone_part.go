package cause

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

// outcome.zone_shifted, the test for a part of the rows: of the outcomes that become known on a day, ten and far more than ever
// happen earlier after the prediction than all but one in a thousand of 28 days did, or later; for two days. The offset of some
// zone, from an hour and a half to 14 hours, must bring 19 in 20 of them back into the range. They must be spread as outcomes used to
// be that it moves out of the range: what came late in a storm lies at its edge, or is spread evenly. It is proven when it brings them
// to where outcomes used to lie far better than any other offset does, whether that brings them back or not: values that are wrong by
// chance are not of one mind.

const (
	tail         = 0.001 // of the past outcomes, on each side of the range
	broughtBack  = 0.95
	farLikelier  = 12.0 // in units of log likelihood
	alikeSpread  = 0.1  // between two distribution functions, beside what chance makes of it
	provenSpread = 0.15 // the same of a proof, all in all
	kolmogorov99 = 1.63 // .99 quantile of Kolmogorov's distribution, of sqrt(n) times the distance (Smirnov 1948)
	quarterHour  = 15 * time.Minute
	leastApart   = int64(leastShift / quarterHour)
	mostApart    = int64(mostShift / quarterHour)
	noneOfSuch   = 0.5 // outcomes that a quarter counts as in which no past one lies
	strayPerPast = 4   // times the most strays of a past day
)

// aheadDay is the outcomes of a day by quarter hours since the prediction.
type aheadDay struct {
	day  Day
	rows int64
	bins []Ahead
}

// aheadDays cuts what became known before the boundary into days, of those that hold all of their predictions.
func (o *OutcomeHistory) aheadDays(since, boundary Day) []aheadDay {
	first := since - o.Reach + o.horizonDays() + 1
	var days []aheadDay
	for _, a := range o.Aheads {
		if a.Day < first || a.Day >= boundary {
			continue
		}
		if n := len(days); n == 0 || days[n-1].day != a.Day {
			days = append(days, aheadDay{day: a.Day})
		}
		d := &days[len(days)-1]
		d.rows += a.Rows
		d.bins = append(d.bins, a)
	}
	return days
}

// reachOf is what past days hold: how many rows in each quarter, and the first and last of these but for a thousandth on each side.
type reachOf struct {
	counts    map[int64]int64
	rows      int64
	low, high int64
}

func reachOfDays(days []aheadDay, past []int) reachOf {
	r := reachOf{counts: map[int64]int64{}}
	for _, p := range past {
		for _, b := range days[p].bins {
			r.counts[b.Quarter] += b.Rows
			r.rows += b.Rows
		}
	}
	order := make([]int64, 0, len(r.counts))
	for quarter := range r.counts {
		order = append(order, quarter)
	}
	slices.Sort(order)
	var below int64
	for i, quarter := range order {
		if float64(below) <= tail*float64(r.rows) {
			r.low = quarter
		}
		if below += r.counts[quarter]; i == 0 || float64(r.rows-below+r.counts[quarter]) > tail*float64(r.rows) {
			r.high = quarter
		}
	}
	return r
}

// strays are the bins of a day before the range or after it.
func (r *reachOf) strays(d *aheadDay) (early, late []Ahead, rows int64) {
	for _, b := range d.bins {
		switch {
		case b.Quarter < r.low:
			early = append(early, b)
		case b.Quarter > r.high:
			late = append(late, b)
		default:
			continue
		}
		rows += b.Rows
	}
	return early, late, rows
}

// offsetOf is the offset, in quarters, of all up to 14 hours, that brings strays back best, and by how much it does better than
// the next; false where it is not 19 in 20 of them, or no offset of a zone from an hour and a half on.
func (r *reachOf) offsetOf(strays []Ahead) (best int64, better float64, ok bool) {
	most, next := math.Inf(-1), math.Inf(-1)
	for d := -mostApart; d <= mostApart; d++ {
		if d == 0 {
			continue
		}
		likelihood, fits := r.likelihood(strays, d)
		switch {
		case fits && likelihood > most:
			best, next, most, ok = d, math.Max(next, most), likelihood, true
		default:
			next = math.Max(next, likelihood)
		}
	}
	return best, most - next, ok && inUse(best) && (best <= -leastApart || best >= leastApart)
}

// inUse tells the offsets of zones: whole and half hours, and a few more.
func inUse(d int64) bool {
	by := time.Duration(d).Abs() * quarterHour
	return by%(30*time.Minute) == 0 || slices.Contains(oddOffsets, by)
}

// out tells whether a quarter lies out of the range, to the side that d quarters lead to.
func (r *reachOf) out(quarter, d int64) bool {
	return quarter < r.low && d < 0 || quarter > r.high && d > 0
}

// likelihood is the logarithm of how likely strays lie where they do if they are past outcomes moved by d quarters, of
// those that are strays then.
func (r *reachOf) likelihood(strays []Ahead, d int64) (sum float64, fits bool) {
	var could int64
	for quarter, rows := range r.counts {
		if r.out(quarter+d, d) {
			could += rows
		}
	}
	var back, rows int64
	for _, b := range strays {
		rows += b.Rows
		if from := b.Quarter - d; from >= r.low && from <= r.high {
			back += b.Rows
		}
		share := math.Max(float64(r.counts[b.Quarter-d]), noneOfSuch) / float64(max(could, 1))
		sum += float64(b.Rows) * math.Log(share)
	}
	return sum, float64(back) >= broughtBack*float64(rows)
}

// apart is the greatest distance between the distribution of strays and that of the past outcomes that are strays once they are
// moved by d quarters.
func (r *reachOf) apart(strays []Ahead, d int64) float64 {
	type both struct{ moved, strays int64 }
	at := map[int64]both{}
	var all both
	for quarter, rows := range r.counts {
		if to := quarter + d; r.out(to, d) {
			at[to] = both{moved: rows}
			all.moved += rows
		}
	}
	for _, b := range strays {
		place := at[b.Quarter]
		place.strays += b.Rows
		at[b.Quarter] = place
		all.strays += b.Rows
	}
	most := 0.0
	var so both
	for _, quarter := range slices.Sorted(maps.Keys(at)) {
		so.moved, so.strays = so.moved+at[quarter].moved, so.strays+at[quarter].strays
		most = math.Max(most, math.Abs(shareOf(so.moved, all.moved)-shareOf(so.strays, all.strays)))
	}
	return most
}

// strayed is a run of days with strays of one offset.
type strayed struct {
	span   Span
	event  time.Time // when the first of their events happened indeed
	by     time.Duration
	proven bool
	line   string
}

// strayedRuns is the test.
func (o *OutcomeHistory) strayedRuns(since, boundary Day) []strayed {
	days := o.aheadDays(since, boundary)
	reaches := map[int]reachOf{}
	found := runs(len(days), fewDays, holdZone, func(i int, past []int, _ bool) bool {
		r := reachOfDays(days, past)
		_, _, now := r.strays(&days[i])
		var most int64
		for _, p := range past {
			_, _, rows := r.strays(&days[p])
			most = max(most, rows)
		}
		reaches[i] = r
		return now >= fewDisagree && now >= strayPerPast*most
	})
	var all []strayed
	for _, f := range found {
		reach := reaches[f.first]
		var early, late, strays []Ahead
		for i := f.first; i < f.end; i++ {
			e, l, _ := reach.strays(&days[i])
			early, late = append(early, e...), append(late, l...)
		}
		if strays = early; count(late) > count(early) {
			strays = late
		}
		quarters, better, ok := reach.offsetOf(strays)
		rows := count(strays)
		if !ok || rows < fewRows || float64(rows) < broughtBack*float64(count(early)+count(late)) {
			continue
		}
		apart := reach.apart(strays, quarters)
		if apart > alikeSpread+kolmogorov99/math.Sqrt(float64(rows)) {
			continue
		}
		s := strayed{by: time.Duration(quarters) * quarterHour, proven: better >= farLikelier && apart <= provenSpread}
		s.event = reach.since(days[max(0, f.first-1):f.first+1], s.by)
		s.span = Span{From: s.event.Add(-o.ahead(days[f.first].day)).Truncate(time.Hour)}
		if f.end < len(days) {
			s.span.To = days[f.end].day.Start()
		}
		s.line = fmt.Sprintf("%d events since %s came earlier or later after the prediction than any of %d days before; moved back by %s they lie where these did",
			rows, toMinute(s.event), min(f.first, pastDays), offset(s.by))
		all = append(all, s)
	}
	return all
}

func count(bins []Ahead) (rows int64) {
	for _, b := range bins {
		rows += b.Rows
	}
	return rows
}

// since is when the first events of strays happened, all but one in twenty, by a clock that is not off by an offset; without any the
// last of the days.
func (r *reachOf) since(days []aheadDay, by time.Duration) time.Time {
	var strays []Ahead
	for i := range days {
		early, late, _ := r.strays(&days[i])
		if by > 0 {
			early = late
		}
		strays = append(strays, early...)
	}
	slices.SortFunc(strays, func(a, b Ahead) int { return a.EventFirst.Compare(b.EventFirst) })
	rows, sum := count(strays), int64(0)
	for _, b := range strays {
		if sum += b.Rows; 20*sum > rows {
			return b.EventFirst.Add(-by)
		}
	}
	return days[len(days)-1].day.Start()
}
