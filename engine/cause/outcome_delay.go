package cause

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// outcome.late, second test: outcomes come later than they did, be it within the horizon. Where outcomes say when they became known, a
// day on which outcomes became known is held against the 28 such days before it: 30 of them, and a share of a usual day's far above that of
// those days, waited longer than some hours; on two days. How much later they come is told against the usual wait of each hour of the
// day, where six in ten of them agree on it to the hour. Then it is proven: the files say when each row came; else likely, as it is
// where the loads keep no hours. The third test is in outcome_delay_some.go.

const agreeing = 0.6 // of the late ones, on how late they are

// waitLadder is the hours of waiting that shares are taken beyond.
var waitLadder = []int{3, 6, 12, 18, 24, 36, 48, 72, 96, 120, 168, 240, 336, 504, 720, 1440}

// arrivalDay is the predictions whose outcome became known on a day.
type arrivalDay struct {
	day      Day
	rows     int64
	beyond   []int64 // those that waited longer, by step of waitLadder
	arrivals []Arrival
}

// arrived counts by day of becoming known what was predicted late enough for a day to be whole, before the boundary.
func (o *OutcomeHistory) arrived(since, boundary Day) []arrivalDay {
	first := since - o.Reach + o.horizonDays() + 1
	byDay := map[Day]*arrivalDay{}
	var order []Day
	for _, a := range o.Arrivals {
		day := DayOf(a.Known)
		if day < first || day >= boundary || a.Predicted.Before((since - o.Reach).Start()) {
			continue
		}
		d := byDay[day]
		if d == nil {
			d = &arrivalDay{day: day, beyond: make([]int64, len(waitLadder))}
			byDay[day] = d
			order = append(order, day)
		}
		d.rows += a.Rows
		d.arrivals = append(d.arrivals, a)
		for step, hours := range waitLadder {
			if a.waited() > time.Duration(hours)*time.Hour {
				d.beyond[step] += a.Rows
			}
		}
	}
	slices.Sort(order)
	days := make([]arrivalDay, len(order))
	for i, day := range order {
		days[i] = *byDay[day]
	}
	return days
}

func (a *Arrival) waited() time.Duration { return a.Known.Sub(a.Predicted) }

// delay is a run of days with late outcomes.
type delay struct {
	run   run
	step  int
	share float64 // of late ones, at their most
	was   float64 // the most before
}

// delays are the runs of arrival days on which outcomes came late.
func delays(days []arrivalDay) []delay {
	steps := map[int]delay{}
	found := runs(len(days), fewDays, 2, func(i int, past []int, going bool) bool {
		usual := make([]int64, len(past))
		for n, p := range past {
			usual[n] = days[p].rows
		}
		slices.Sort(usual)
		// Beside a usual day: where hardly any comes in time, the stragglers are all that is left of a day.
		rows := max(days[i].rows, usual[len(usual)/2])
		var best delay
		for step := range waitLadder {
			highest := highestOf(past, func(p int) float64 { return shareOf(days[p].beyond[step], days[p].rows) })
			late := days[i].beyond[step]
			if share := shareOf(late, rows); late >= fewRows && (risen(late, rows, highest, going) || leapt(late, rows, highest, going)) && share-highest > best.share-best.was {
				best = delay{step: step, share: share, was: highest}
			}
		}
		steps[i] = best
		return best.share > 0
	})
	var all []delay
	for _, r := range found {
		worst := steps[r.first]
		for i := r.first; i < r.end; i++ {
			if steps[i].share-steps[i].was > worst.share-worst.was {
				worst = steps[i]
			}
		}
		worst.run = r
		all = append(all, worst)
	}
	return all
}

// noWait says that nothing of an hour of the day became known. A wait may be below 0: what happened is dated later than it became known.
const noWait = math.MinInt

// usualWaits is the most frequent number of hours from an hour of the day until what it holds becomes known; noWait: none.
func usualWaits(each func(yield func(from, known time.Time, rows int64))) [24]int {
	var counts [24]map[int]int64
	each(func(from, known time.Time, rows int64) {
		hour := from.Hour()
		if counts[hour] == nil {
			counts[hour] = map[int]int64{}
		}
		counts[hour][int(known.Sub(from)/time.Hour)] += rows
	})
	var usual [24]int
	for hour, byWait := range counts {
		usual[hour] = noWait
		if wait, ok := mode(byWait); ok {
			usual[hour] = wait
		}
	}
	return usual
}

// mode is the entry with most rows, the least of several; not ok of none.
func mode(counts map[int]int64) (best int, ok bool) {
	for _, n := range sortedKeys(counts) {
		if !ok || counts[n] > counts[best] {
			best, ok = n, true
		}
	}
	return best, ok
}

// lagOf is how many hours later than usual the late outcomes of a run came, if they agree on it.
func lagOf(days []arrivalDay, d *delay) (int, bool) {
	usual := usualWaits(func(yield func(from, known time.Time, rows int64)) {
		for i := max(0, d.run.first-pastDays); i < d.run.first-1; i++ {
			for _, a := range days[i].arrivals {
				yield(a.Predicted, a.Known, a.Rows)
			}
		}
	})
	lags := map[int]int64{}
	var late int64
	for i := d.run.first; i < d.run.end; i++ {
		for _, a := range days[i].arrivals {
			if a.waited() <= time.Duration(waitLadder[d.step])*time.Hour || usual[a.Predicted.Hour()] == noWait {
				continue
			}
			late += a.Rows
			lags[int(a.waited()/time.Hour)-usual[a.Predicted.Hour()]] += a.Rows
		}
	}
	lag, ok := mode(lags)
	return lag, ok && lag > 0 && float64(lags[lag]) >= agreeing*float64(late)
}

// delayed is the second test; it adds to the claim.
func (o *OutcomeHistory) delayed(claim *Claim, since, boundary Day) {
	days := o.arrived(since, boundary)
	for _, d := range delays(days) {
		lag, agree := lagOf(days, &d)
		first := days[d.run.first].day
		ahead := o.ahead(first)
		at := o.lateSince(first, boundary, lag)
		if !agree {
			lag = waitLadder[d.step]
			at = first.Start().Add(-time.Duration(lag) * time.Hour)
		}
		span := Span{From: at.Add(-ahead).Truncate(time.Hour)}
		if d.run.end < len(days) {
			span.To = days[d.run.end].day.Start().Add(-time.Duration(lag) * time.Hour)
		}
		if !span.To.IsZero() && !span.To.After(span.From) || !span.lasts(since) {
			continue
		}
		claim.adds(span, agree)
		line := fmt.Sprintf("%s of the outcomes that became known since %s came more than %d h after their prediction, %s at most on any day before",
			percent(d.share), onDay(first), waitLadder[d.step], percent(d.was))
		if agree {
			claim.Events = append(claim.Events, at)
			claim.Parameters["lag_s"] = float64(lag) * 3600
			line += fmt.Sprintf(": %d h later than usual", lag)
		}
		claim.Evidence = append(claim.Evidence, line)
	}
	if len(claim.Spans) == 0 {
		o.someDelayed(claim, since, boundary)
	}
}

// lateSince is the hour from which on events became known some hours later than usual: that at which the share of such ones is
// nearest to what it is afterwards. It looks at the three days of events before those that would usually have become known on
// the first day.
func (o *OutcomeHistory) lateSince(first, boundary Day, lag int) time.Time {
	late := time.Duration(lag) * time.Hour
	from := first.Start().Add(-late - 72*time.Hour)
	before := func(yield func(from, known time.Time, rows int64)) {
		for _, e := range o.Events {
			if e.Happened.Before(from) && e.Known.Before(first.Start()) && e.Happened.After(from.Add(-pastDays*24*time.Hour)) {
				yield(e.Happened, e.Known, e.Rows)
			}
		}
	}
	usual := usualWaits(before)
	var hitBefore, allBefore int64 // it may be that some always come so late
	before(func(happened, known time.Time, rows int64) {
		allBefore += rows
		if known.Sub(happened) == time.Duration(usual[happened.Hour()])*time.Hour+late {
			hitBefore += rows
		}
	})
	type hour struct{ hit, all int64 }
	hours := map[time.Time]*hour{}
	var order []time.Time
	for _, e := range o.Events {
		wait := usual[e.Happened.Hour()]
		due := e.Happened.Add(time.Duration(wait)*time.Hour + late)
		if wait == noWait || e.Happened.Before(from) || !e.Known.Before(boundary.Start()) || !due.Before(boundary.Start()) {
			continue
		}
		h := hours[e.Happened]
		if h == nil {
			h = &hour{}
			hours[e.Happened] = h
			order = append(order, e.Happened)
		}
		h.all += e.Rows
		if e.Known.Sub(e.Happened) == time.Duration(wait)*time.Hour+late {
			h.hit += e.Rows
		}
	}
	onset := first.Start().Add(-late)
	var hit, all int64
	for _, at := range order {
		if !at.Before(onset) {
			hit, all = hit+hours[at].hit, all+hours[at].all
		}
	}
	half := (shareOf(hit, all) + shareOf(hitBefore, allBefore)) / 2
	best, sum := 0.0, 0.0
	for _, at := range slices.Backward(order) {
		if sum += float64(hours[at].hit) - half*float64(hours[at].all); sum > best {
			onset, best = at, sum
		}
	}
	return onset
}
