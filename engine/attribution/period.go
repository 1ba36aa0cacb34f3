package attribution

import (
	"fmt"
	"slices"
)

// leastHealthy is how many healthy days a trailing baseline needs.
const leastHealthy = 7

// chooseWindow gives the indices of the window's closed days. A day that is not over is left out and noted; a day without
// cells is over when as-of lies past its end.
func (x *Index) chooseWindow(q Question) (days []int, notes []string) {
	open := 0
	for d := q.Boundary - Day(q.Window); d < q.Boundary; d++ {
		i := x.dayAt(d)
		switch {
		case i >= 0 && x.days[i].closed:
			days = append(days, i)
		case i >= 0 || (d + 1).Start().After(q.AsOf):
			open++
		}
	}
	if open > 0 {
		notes = append(notes, fmt.Sprintf("open_days: %d of the window's %d days were not over and are left out", open, q.Window))
	}
	return days, notes
}

// chooseBaseline gives the indices of the baseline's days, ascending. A trailing baseline takes the newest healthy days in
// reach; with fewer than seven it takes the oldest days in reach, healthy or not, and says so. Days of the window and
// days without outcomes never belong to it.
func (x *Index) chooseBaseline(q Question) (days []int, notes []string) {
	start := q.Boundary - Day(q.Window)
	from, to := start-Day(q.Baseline.Reach), start
	if q.Baseline.Fixed() {
		from, to = q.Baseline.From, q.Baseline.To
	}
	var inReach []int
	for i := range x.days {
		d := &x.days[i]
		inWindow := d.day >= start && d.day < q.Boundary
		if d.day >= max(from, q.Since) && d.day < to && d.closed && d.rows > 0 && !inWindow {
			inReach = append(inReach, i)
		}
	}
	if q.Baseline.Fixed() {
		return inReach, nil
	}
	for _, i := range slices.Backward(inReach) {
		if len(days) == q.Baseline.Trailing {
			break
		}
		if q.Unhealthy == nil || !q.Unhealthy(x.days[i].day) {
			days = append(days, i)
		}
	}
	slices.Reverse(days)
	if len(days) >= min(leastHealthy, max(q.Baseline.Trailing, 1)) || len(inReach) == 0 {
		return days, nil
	}
	notes = append(notes, fmt.Sprintf("baseline_unhealthy: %d healthy days in the %d days before the window; its oldest days stand in",
		len(days), q.Baseline.Reach))
	return inReach[:min(len(inReach), max(q.Baseline.Trailing, 0))], notes
}

// period describes evaluated days; span is kept where the days do not set it.
func (x *Index) period(days []int) Period {
	var p Period
	for _, i := range days {
		d := &x.days[i]
		p.Days = append(p.Days, d.day)
		p.Predictions += d.predictions
	}
	if n := len(days); n > 0 {
		p.From, p.To = x.days[days[0]].day, x.days[days[n-1]].day+1
	}
	return p
}

// ages holds the ages at which the window's days are known, and how the baseline is mixed to match them: L_B is the sum
// over classes i of share[i] times the baseline's mean loss at age <= slot[i].
type ages struct {
	window  []int8    // by day of the window: its own age
	slots   []int8    // ascending, distinct: the baseline's ages
	class   []int     // by day of the window: which of slots it is held against
	share   []float64 // by class: share of the window's rows
	perRow  []float64 // by class: share / baseline rows at that age
	classOf [ageSlots]int8
	rows    []float64 // by class: baseline rows at that age (weighted)
	mean    []float64 // by class: the baseline's mean loss at that age
	n       float64   // the window's rows (weighted)
	loss    float64   // and their loss
	usual   float64   // the baseline's mean loss at any age; 0 without outcomes

	baseline float64 // the baseline's rows at any age (weighted)
}

// comparable tells whether both periods hold rows to compare.
func (a *ages) comparable() bool { return a.n > 0 && len(a.slots) > 0 }

// mostSettled is the share of the baseline's rows that must be known at the window's ages for it to be as good as all.
const mostSettled = 0.95

// settled tells whether as good as all outcomes are known at the window's ages, by those of the baseline.
func (a *ages) settled() bool {
	known, all := 0.0, a.baseline
	for c := range a.slots {
		known += a.share[c] * a.rows[c]
	}
	return all > 0 && known >= mostSettled*all
}

// losses gives the mean loss of both periods.
func (a *ages) losses() (baseline, current float64) {
	for c := range a.slots {
		baseline += a.share[c] * a.mean[c]
	}
	return baseline, a.loss / a.n
}

// upTo maps the slots up to one age to class 0, and the rest to none.
func upTo(slot int8) (classOf [ageSlots]int8) {
	for s := range classOf {
		if int8(s) > slot {
			classOf[s] = -1
		}
	}
	return classOf
}

// matchAges mixes the baseline to the window's ages. A window age at which the baseline has no row yet is held against
// the baseline's first age that has, and one beyond the last at which anything became known of either is as good as that: so a
// judgement stays the same, to the last digit, however much later it is made.
func (x *Index) matchAges(q Question, window, baseline []int) ages {
	var a ages
	known := x.knownBy(baseline)
	if last := known[ageSlots-1]; last.weight.Float() > 0 {
		a.usual = last.loss.Float() / last.weight.Float()
		a.baseline = last.weight.Float()
	}
	var total pair
	weights := make([]float64, len(window))
	bases := make([]int8, len(window))
	last := x.lastSlot(baseline, window)
	for k, i := range window {
		own := min(x.days[i].ownSlot(q.AsOf), last)
		a.window = append(a.window, own)
		var p pair
		for _, t := range x.days[i].totals {
			if t.slot <= own {
				p.add(pair{t.sums.weight, t.sums.loss})
			}
		}
		total.add(p)
		weights[k], bases[k] = p.weight.Float(), own
		for bases[k] < ageSlots-1 && known[bases[k]].weight.Float() <= 0 {
			bases[k]++
		}
		if known[bases[k]].weight.Float() > 0 && weights[k] > 0 && !slices.Contains(a.slots, bases[k]) {
			a.slots = append(a.slots, bases[k])
		}
	}
	slices.Sort(a.slots)
	a.n, a.loss = total.weight.Float(), total.loss.Float()
	a.share = make([]float64, len(a.slots))
	for k := range window {
		c, ok := slices.BinarySearch(a.slots, bases[k])
		if !ok {
			c = -1
		}
		a.class = append(a.class, c)
		if ok && a.n > 0 {
			a.share[c] += weights[k] / a.n
		}
	}
	for c, s := range a.slots {
		rows := known[s].weight.Float()
		a.rows, a.mean = append(a.rows, rows), append(a.mean, known[s].loss.Float()/rows)
		a.perRow = append(a.perRow, a.share[c]/rows)
	}
	for s := range a.classOf {
		c, _ := slices.BinarySearch(a.slots, int8(s))
		if a.classOf[s] = int8(c); c == len(a.slots) {
			a.classOf[s] = -1
		}
	}
	return a
}

// lastSlot is the last slot of age at which anything became known of some days, at least 0.
func (x *Index) lastSlot(periods ...[]int) (last int8) {
	for _, days := range periods {
		for _, i := range days {
			last = max(last, x.days[i].lastSlot)
		}
	}
	return last
}

// knownBy sums the rows of some days as known up to each age.
func (x *Index) knownBy(days []int) (known [ageSlots]pair) {
	for _, i := range days {
		for _, t := range x.days[i].totals {
			known[t.slot].add(pair{t.sums.weight, t.sums.loss})
		}
	}
	for s := 1; s < ageSlots; s++ {
		known[s].add(known[s-1])
	}
	return known
}
