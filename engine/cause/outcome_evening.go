package cause

import (
	"fmt"
	"math"
	"time"
)

// outcome.truncated, fourth test: of a part of the predictions, those whose event falls into the last hours of the UTC day, the
// outcome never comes. A day counts, when its horizon is over, on which the share of predictions without an outcome is far
// above that of the 28 days before from some hour of the day on, and no more than usual before it, nor a third of that; on
// three days; or, on four, above that of any of these. It is likely only: outcomes may yet come. At which hour of the events it begins
// is told by the hours of the predictions and the usual time from prediction to event, where one hour fits better than any other.

const (
	holdEvening = 3
	thrice      = 3.0
	fitsBetter  = 3.0  // in units of log likelihood
	fitsAlone   = 10.0 // the same, to be sure of it: the usual time to the event is another one at every hour of the day
	agreed      = 2.0  // what a hour is better by counts so often where those that came tell the same one
)

// from adds up the hours of a day from one on, or those before it.
func (d *waiting) from(hour int, before bool) (sum hourWait) {
	for h := range d.hours {
		if (h < hour) == before {
			sum.asked += d.hours[h].asked
			sum.missing += d.hours[h].missing
		}
	}
	return sum
}

func (w hourWait) share() float64 { return shareOf(w.missing, w.asked) }

// eveningOf is the hour of the day from which on far more are missing than on past days; 0: none.
func eveningOf(days []waiting, i int, past []int, going bool) int {
	hour, most := 0, 0.0
	for h := 1; h < 24; h++ {
		after, rest := days[i].from(h, false), days[i].from(h, true)
		highest := highestOf(past, func(p int) float64 { w := days[p].from(h, false); return w.share() })
		usual := highestOf(past, func(p int) float64 { w := days[p].from(h, true); return w.share() })
		if after.missing < fewRows || rest.asked < fewRows || !risen(after.missing, after.asked, highest, going) ||
			rest.share() > usual+farShare/2 || after.share() < thrice*rest.share() {
			continue
		}
		base := math.Max(highest, 1/float64(after.asked))
		if sigmas := (after.share() - base) * math.Sqrt(float64(after.asked)/base); sigmas > most {
			hour, most = h, sigmas
		}
	}
	return hour
}

// standingEvening is the run of days on each of which more are missing from an hour of the day on than on any day before, and of those before
// that hour no more than usual, nor a third: at the hour at which that is the clearest; 0: none.
func standingEvening(days []waiting) (found run, hour int) {
	clearest := 0.0
	for h := 1; h < 24; h++ {
		after := func(i int) (missing, asked int64) { w := days[i].from(h, false); return w.missing, w.asked }
		rest := func(i int) (missing, asked int64) { w := days[i].from(h, true); return w.missing, w.asked }
		r, sigmas := stood(len(days), after)
		if sigmas <= clearest {
			continue
		}
		hit := shareOf(summed(indexes(r.first, r.end), after))
		missing, asked := summed(indexes(r.first, r.end), rest)
		usual := highestOf(indexes(max(0, r.first-1-pastDays), r.first-1), func(p int) float64 { return shareOf(rest(p)) })
		if share := shareOf(missing, asked); asked >= fewRows && share <= usual && hit >= thrice*share {
			found, hour, clearest = r, h, sigmas
		}
	}
	return found, hour
}

// evenings is the fourth test.
func (o *OutcomeHistory) evenings(claim *Claim, since, boundary Day) {
	days := o.waited(since, boundary)
	hours := map[int]int{}
	found := runs(len(days), fewDays, holdEvening, func(i int, past []int, going bool) bool {
		hours[i] = eveningOf(days, i, past, going)
		return hours[i] > 0
	})
	if len(found) == 0 {
		if r, hour := standingEvening(days); hour > 0 {
			found = []run{r}
			for i := r.first; i < r.end; i++ {
				hours[i] = hour
			}
		}
	}
	for _, r := range found {
		// A day that was hit from some hour on only is too little to begin a run, and enough to be part of it.
		if i := r.first - 1; i > fewDays && eveningOf(days, i, indexes(max(0, i-pastDays), i), true) > 0 {
			hours[i] = hours[r.first]
			r.first = i
		}
		span := hourSpan(days, r, func(h *hourWait) int64 { return h.missing })
		if !span.lasts(since) {
			continue
		}
		claim.adds(span, false)
		now, before := days[r.first+1].from(hours[r.first+1], false), days[r.first-1].from(hours[r.first+1], false)
		line := fmt.Sprintf("%s of the predictions made from %02d:00 UTC on have no outcome on %s, %s on %s; no more than usual of those made earlier in the day",
			percent(now.share()), hours[r.first+1], onDay(days[r.first+1].day), percent(before.share()), onDay(days[r.first-1].day))
		hour, better := o.eventHour(days, r)
		if better >= fitsBetter {
			claim.Events = append(claim.Events, days[r.first].day.Start().Add(time.Duration(hour)*time.Hour))
			line += fmt.Sprintf("; by the usual time to the event these are the events from about %02d:00 on", hour)
		}
		if better >= fitsAlone {
			claim.Parameters["after_s"], claim.Parameters["of"] = float64(hour)*3600, "day"
		}
		claim.Evidence = append(claim.Evidence, line)
	}
}

// eventHour is the hour of the day from which on events lack outcomes, that makes what is missing of each hour of predictions likeliest,
// and what came, and by how much it does so better than the next.
func (o *OutcomeHistory) eventHour(days []waiting, r run) (hour int, better float64) {
	var now, was [24]hourWait
	add := func(to *[24]hourWait, from, end int) {
		for i := from; i < end; i++ {
			for h := range days[i].hours {
				to[h].asked += days[i].hours[h].asked
				to[h].missing += days[i].hours[h].missing
			}
		}
	}
	add(&now, r.first+1, r.end) // the first day may be half there
	add(&was, max(0, r.first-pastDays), r.first-1)
	var usual hourWait
	for _, w := range was {
		usual.asked, usual.missing = usual.asked+w.asked, usual.missing+w.missing
	}
	ahead := o.aheadsBefore(days[r.first].day)
	came := o.cameBy(days, r)
	best, most, next := -1, math.Inf(-1), math.Inf(-1)
	for hour := 1; hour < 24; hour++ {
		switch l := likelihoodOf(&now, usual.share(), fallingFrom(ahead, hour), func(part float64) float64 { return came.without(part, hour) }); {
		case l > most:
			best, most, next = hour, l, most
		case l > next:
			next = l
		}
	}
	if better = most - next; came.best() == best {
		better *= agreed
	}
	return best, better
}

// cameHours is how many events of each hour of the day came on the days of a run, and how many were to be expected by the days before
// it and by how many predictions were made.
type cameHours struct{ now, due [24]float64 }

// dispersion is how many times wider than by chance alone the events of an hour vary from day to day.
const dispersion = 3.0

// cameBy counts the events on a run's days but its first, and on those before it.
func (o *OutcomeHistory) cameBy(days []waiting, r run) cameHours {
	var c cameHours
	var was [24]float64
	var asked, askedBefore int64
	kind := map[Day]int{} // 1: of the run, 2: before it
	for i := max(0, r.first-pastDays); i < r.first-1; i++ {
		kind[days[i].day] = 2
		askedBefore += days[i].asked
	}
	for i := r.first + 1; i < r.end; i++ {
		kind[days[i].day] = 1
		asked += days[i].asked
	}
	for _, e := range o.Events {
		switch kind[DayOf(e.Happened)] {
		case 1:
			c.now[e.Happened.Hour()] += float64(e.Rows)
		case 2:
			was[e.Happened.Hour()] += float64(e.Rows)
		}
	}
	for hour := range was {
		c.due[hour] = was[hour] * shareOf(asked, askedBefore)
	}
	return c
}

// without is the log likelihood of what came if a part of the events from an hour on is missing, beside that of none missing.
func (c *cameHours) without(part float64, hour int) float64 {
	left := math.Max(1-part, 1e-3)
	sum := 0.0
	for h := hour; h < 24; h++ {
		sum += c.now[h]*math.Log(left) + c.due[h]*(1-left)
	}
	return sum / dispersion
}

// best is the hour from which on events are missing as far as those that came tell; -1 where none is.
func (c *cameHours) best() int {
	best, most := -1, fitsBetter
	for hour := 1; hour < 24; hour++ {
		for part := 1; part <= 100; part++ {
			if l := c.without(float64(part)/100, hour); l > most {
				best, most = hour, l
			}
		}
	}
	return best
}

// aheadsBefore is the share of past outcomes by quarters of an hour from prediction to event.
func (o *OutcomeHistory) aheadsBefore(day Day) map[int64]float64 {
	var all int64
	counts := map[int64]int64{}
	for _, a := range o.Aheads {
		if a.Day < day && a.Day >= day-pastDays {
			counts[a.Quarter] += a.Rows
			all += a.Rows
		}
	}
	shares := map[int64]float64{}
	for quarter, rows := range counts {
		shares[quarter] = shareOf(rows, all)
	}
	return shares
}

// fallingFrom is the share of predictions of each hour whose event falls into the day's hours from one on.
func fallingFrom(ahead map[int64]float64, hour int) (falls [24]float64) {
	for h := range falls {
		var hits int64 // in whole units of 1e-12, so that the sum does not depend on the order
		for quarter, share := range ahead {
			for q := range int64(4) { // predictions are spread over their hour
				at := (int64(h)*4 + q + quarter) % 96
				if at = (at + 96) % 96; at >= int64(hour)*4 {
					hits += int64(math.Round(share / 4 * 1e12))
				}
			}
		}
		falls[h] = float64(hits) / 1e12
	}
	return falls
}

// likelihoodOf is the logarithm of how likely what is missing of each hour is, if beside what usually is a part of what falls
// into the gap is missing: the part that makes it likeliest.
func likelihoodOf(now *[24]hourWait, usual float64, falls [24]float64, came func(part float64) float64) float64 {
	best := math.Inf(-1)
	for part := 1; part <= 100; part++ {
		sum := came(float64(part) / 100)
		for h, w := range now {
			p := math.Min(math.Max(usual+float64(part)/100*falls[h], 1e-4), 1-1e-4)
			sum += float64(w.missing)*math.Log(p) + float64(w.asked-w.missing)*math.Log(1-p)
		}
		best = math.Max(best, sum)
	}
	return best
}
