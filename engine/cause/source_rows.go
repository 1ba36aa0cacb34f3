package cause

import (
	"fmt"
	"math"
	"slices"
)

// How many rows a source brings, as a part of source.changed: it halved, of which every day of the past is a measure, or it
// brings a good half of what it brought on that day of the week; or it delivers its rows several times over. Growth is no fault.

const (
	thinnedTo = 0.55 // of the median of the same days of the week, at most
	thinnedOn = 0.62 // the same of a day on which it goes on
	thinnedBy = 0.67 // of the least that a day of the past was of its own median
	toldDays  = 7    // days of a run by which its size is told
)

// thinnedRuns finds days with fewer rows, and what each day in a run should have brought.
func thinnedRuns(s *SourceHistory) (thinned []run, usual map[int]float64) {
	days := s.Days
	usual = map[int]float64{}
	thinned = runs(len(days), fewDays, holdScale, func(i int, past []int, going bool) bool {
		least := days[past[0]].Rows
		for _, p := range past {
			least = min(least, days[p].Rows)
		}
		if least < s.steady() {
			return false
		}
		expected, ok := weekly(days, past, i)
		if !ok {
			usual[i] = float64(least)
			return 2*days[i].Rows <= least
		}
		usual[i] = expected
		share := float64(days[i].Rows) / expected
		if going && share <= thinnedOn {
			return true
		}
		return 2*days[i].Rows <= least || share <= thinnedTo && share <= thinnedBy*leanest(days, past)
	})
	return thinned, usual
}

// mostlyDemand is the share of what predictions would lead to expect that a source must still bring, for a lower number of them to
// account for its fewer rows.
const mostlyDemand = 0.75

// demandIn is how many predictions a day were made in [from, to), as a share of a usual day's before a run began, where it is below 1. It is
// false where too few days before are known, or none was made then.
func demandIn(asked []Asked, began, from, to Day) (share float64, ok bool) {
	byDay := map[Day]float64{}
	for _, a := range asked {
		byDay[DayOf(a.Hour)] += float64(a.Rows)
	}
	var before []float64
	for day, rows := range byDay {
		if day < began {
			before = append(before, rows)
		}
	}
	usual := middle(before)
	if len(before) < fewPast || usual == 0 {
		return 1, false
	}
	then := 0.0
	for day := from; day < to; day++ {
		then += byDay[day]
	}
	share = then / float64(to-from) / usual
	return share, share < 1
}

// copies is how many rows a day brought for each key and `at`.
func copies(d *SourceDay) float64 { return float64(d.Rows) / float64(max(1, d.Keys)) }

// doubledRuns finds days that bring rows several times over.
func doubledRuns(days []SourceDay) []run {
	return runs(len(days), fewDays, holdShare, func(i int, past []int, _ bool) bool {
		most := 1.0
		for _, p := range past {
			most = math.Max(most, copies(&days[p]))
		}
		return days[i].Rows >= manyRows && copies(&days[i]) >= 1.5*most
	})
}

func (w *Walked) rowChanges(asked []Asked, days []SourceDay) []change {
	usual := w.breaks.usual
	var changes []change
	for _, r := range cut(w.breaks.thinned, len(days), holdScale) {
		var brought, due float64
		from, to := r.first, min(r.end, r.first+toldDays)
		if to-from > holdScale {
			from++ // it may have begun in the course of the first
		}
		for i := from; i < to; i++ {
			brought, due = brought+float64(days[i].Rows), due+usual[i]
		}
		factor := brought / due
		if demand, ok := demandIn(asked, days[r.first].Day, days[from].Day, days[to-1].Day+1); ok && factor >= mostlyDemand*demand {
			continue // fewer were asked for: the world became smaller, and with it the source
		}
		c := changeOf("rows", -1, w.SourceHistory, days, r, w.rowLean(days, r, factor), fmt.Sprintf("%s brings %d rows a day, %.0f were to be expected", w.Name, days[r.first].Rows, usual[r.first]))
		c.parameters = map[string]any{"factor": math.Round(100*factor) / 100}
		c.brought, c.due = brought, due
		changes = append(changes, c)
	}
	for _, r := range cut(w.breaks.doubled, len(days), holdShare) {
		changes = append(changes, changeOf("duplicates", -1, w.SourceHistory, days, r, nil,
			fmt.Sprintf("%s brings %.1f rows for each key and `at`, %.1f the day before", w.Name, copies(&days[r.first]), copies(&days[r.first-1]))))
	}
	return changes
}

// steady is how many rows the leanest day must hold for a change of their number to say something.
func (s *SourceHistory) steady() int64 {
	if s.OfKey {
		return steadyRows / 2
	}
	return steadyRows
}

// weekly is the median number of rows on the past's days of the same day of the week as the i-th, itself left out; false for
// fewer than two.
func weekly(days []SourceDay, past []int, i int) (float64, bool) {
	var same []float64
	for _, p := range past {
		if p != i && (days[p].Day-days[i].Day)%7 == 0 {
			same = append(same, float64(days[p].Rows))
		}
	}
	return middle(same), len(same) >= 2
}

// leanest is the least share that a past day brought of what was to be expected of it, at most 1.
func leanest(days []SourceDay, past []int) float64 {
	least := 1.0
	for _, p := range past {
		if expected, ok := weekly(days, past, p); ok {
			least = math.Min(least, float64(days[p].Rows)/expected)
		}
	}
	return least
}

// middle is the median, the upper of two; 0 of none.
func middle(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[len(values)/2]
}
