package cause

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// outcome.truncated, third test: no event of some hours of the UTC day has an outcome any more. A day of events is judged when so
// many days have gone by that nine in ten outcomes used to be known, and counts what was known by then, of itself and of the 28
// days before it. It counts where the hours in a row of which nothing is known held a tenth of the events on each of those
// days, 30 of this one; on two days, and the same hours. It is proven when the horizon of two such days is over and nothing has come
// yet, and the hour before the gap has half of its usual share at least: a load that stops at an hour, not a day that ended early.

const (
	mostKnown  = 0.9
	leastLost  = 0.1
	straggling = 0.05 // of the events to be expected in a gap: more is a delay
)

// eventDay is what is known of the events of a day: by some days after it, and until now.
type eventDay struct {
	day         Day
	rows        int64
	hours, ever [24]int64
}

// eventDays counts the events of the days before a boundary that can be judged there.
func (o *OutcomeHistory) eventDays(since, boundary Day) []eventDay {
	first := since - o.Reach + o.horizonDays() + 1
	lag := o.usualLag(first, boundary)
	var days []eventDay
	for _, e := range o.Events {
		day := DayOf(e.Happened)
		if day < first || day+1+lag > boundary || !e.Known.Before(boundary.Start()) {
			continue
		}
		if n := len(days); n == 0 || days[n-1].day != day {
			days = append(days, eventDay{day: day})
		}
		d := &days[len(days)-1]
		d.ever[e.Happened.Hour()] += e.Rows
		if e.Known.Before((day + 1 + lag).Start()) {
			d.hours[e.Happened.Hour()] += e.Rows
			d.rows += e.Rows
		}
	}
	return slices.DeleteFunc(days, func(d eventDay) bool { return d.rows < fewRows })
}

// usualLag is how many days after a day nine in ten of its events are known, of those known by the horizon.
func (o *OutcomeHistory) usualLag(first, boundary Day) Day {
	horizon := o.horizonDays()
	byLag := make([]int64, horizon+1)
	for _, e := range o.Events {
		day := DayOf(e.Happened)
		if lag := max(0, DayOf(e.Known)-day); day >= first && day+1+horizon <= boundary && lag <= horizon {
			byLag[lag] += e.Rows
		}
	}
	var all, known int64
	for _, rows := range byLag {
		all += rows
	}
	for lag, rows := range byLag {
		if known += rows; float64(known) >= mostKnown*float64(all) {
			return Day(lag)
		}
	}
	return horizon
}

// share is the part of the day's events that is in the hours of a gap.
func (d *eventDay) share(g gap) float64 {
	var rows int64
	for hour := range 24 {
		if g.holds(hour) {
			rows += d.hours[hour]
		}
	}
	return shareOf(rows, d.rows)
}

// gap is hours of the day without events: from first for some hours, over midnight if need be.
type gap struct{ first, hours int }

func (g gap) holds(hour int) bool { return (hour-g.first+24)%24 < g.hours }

// gapOf is the longest one of a day, by the events that its past days had there; trimmed to hours that had some.
func gapOf(days []eventDay, i int, past []int) (widest gap, lost float64) {
	var usual [24]int64
	for _, p := range past {
		for hour, rows := range days[p].hours {
			usual[hour] += rows
		}
	}
	for first := range 24 {
		if usual[first] == 0 {
			continue
		}
		g := gap{first: first}
		for n := 1; n < 24 && days[i].hours[(first+n-1)%24] == 0; n++ {
			if usual[(first+n-1)%24] > 0 {
				g.hours = n
			}
		}
		if g.hours == 0 {
			continue
		}
		if least := leastShare(days, past, g); least > lost {
			widest, lost = g, least
		}
	}
	return widest, lost
}

// leastShare is the least that past days had in a gap.
func leastShare(days []eventDay, past []int, g gap) float64 {
	least := 1.0
	for _, p := range past {
		least = math.Min(least, days[p].share(g))
	}
	return least
}

// stopped is the third test.
func (o *OutcomeHistory) stopped(claim *Claim, since, boundary Day) {
	days := o.eventDays(since, boundary)
	gaps := map[int]gap{}
	found := runs(len(days), fewDays, holdMissing, func(i int, past []int, going bool) bool {
		g, lost := gapOf(days, i, past)
		if going && (!gaps[i-1].within(g) && !g.within(gaps[i-1])) {
			return false
		}
		gaps[i] = g
		return lost >= leastLost && lost*float64(days[i].rows) >= (1-lost)*fewRows
	})
	for _, r := range found {
		past := indexes(max(0, r.first-pastDays), r.first)
		g := gaps[r.end-1]
		for i := r.first + 1; i < r.end; i++ {
			if gaps[i].within(g) {
				g = gaps[i]
			}
		}
		if leastShare(days, past, g) < leastLost || o.straggle(days, r, g) {
			continue
		}
		at := begun(days, r, g)
		span := Span{From: at.Add(-o.ahead(DayOf(at))).Truncate(time.Hour)}
		if r.end < len(days) {
			span.To = days[r.end].day.Start()
		}
		if !span.lasts(since) {
			continue
		}
		over := days[r.first+1].day+1+o.horizonDays() <= boundary
		claim.adds(span, over && sharp(days, r, g))
		claim.Events = append(claim.Events, at)
		claim.Parameters["after_s"], claim.Parameters["of"] = float64(g.first)*3600, "day"
		until := "midnight"
		if end := g.end(days, past); end < 24 {
			claim.Parameters["until_s"] = float64(end) * 3600
			until = fmt.Sprintf("%02d:00", end)
		}
		claim.Evidence = append(claim.Evidence, fmt.Sprintf("since %s no event between %02d:00 and %s UTC has an outcome; %s of the events or more were there on each of the %d days before",
			toMinute(at), g.first, until, percent(leastShare(days, past, g)), len(past)))
	}
}

// within tells whether all hours of a gap are in another.
func (g gap) within(o gap) bool {
	for hour := range 24 {
		if g.holds(hour) && !o.holds(hour) {
			return false
		}
	}
	return true
}

// end is the hour at which the gap ends, 24 where nothing ever happened between it and midnight.
func (g gap) end(days []eventDay, past []int) int {
	end := g.first + g.hours
	if end > 24 {
		return end - 24
	}
	for _, p := range past {
		for _, rows := range days[p].hours[end:] {
			if rows > 0 {
				return end
			}
		}
	}
	return 24
}

// straggle tells whether the events of a gap have come in the meantime, at least in part.
func (o *OutcomeHistory) straggle(days []eventDay, r run, g gap) bool {
	usual := leastShare(days, indexes(max(0, r.first-pastDays), r.first), g)
	var came, rows int64
	for i := r.first + 1; i < r.end; i++ { // the first day may be half there
		rows += days[i].rows
		for hour, n := range days[i].ever {
			if g.holds(hour) {
				came += n
			}
		}
	}
	return float64(came) > straggling*usual*float64(rows)
}

// begun is the first hour without events of a run: it may have begun in a gap, or late on the day before the run.
func begun(days []eventDay, r run, g gap) time.Time {
	past := indexes(max(0, r.first-pastDays), r.first-1)
	for i := max(1, r.first-1); i <= r.first; i++ {
		// The longest rest of the day's gap without events, of which 10 were to be expected.
		for from := range 24 {
			rest := func(d *eventDay) (rows int64) {
				for hour := from; hour < 24; hour++ {
					if g.holds(hour) {
						rows += d.hours[hour]
					}
				}
				return rows
			}
			least := 1.0
			for _, p := range past {
				least = math.Min(least, shareOf(rest(&days[p]), days[p].rows))
			}
			if g.holds(from) && rest(&days[i]) == 0 && least*float64(days[i].rows) >= fewDisagree {
				return days[i].day.Start().Add(time.Duration(from) * time.Hour)
			}
		}
	}
	return days[r.first].day.Start().Add(time.Duration(g.first) * time.Hour)
}

// sharp tells whether the hour before a gap has half of what it used to have, of the events outside of the gap.
func sharp(days []eventDay, r run, g gap) bool {
	before := gap{first: (g.first + 23) % 24, hours: 1}
	part := func(from, to int) float64 {
		var in, all float64
		for i := from; i < to; i++ {
			in += days[i].share(before) * float64(days[i].rows)
			all += (1 - days[i].share(g)) * float64(days[i].rows)
		}
		return in / math.Max(all, 1)
	}
	return part(r.first, r.end) >= part(max(0, r.first-pastDays), r.first)/2
}

// ahead is the median time from prediction to event, of the newest days on which outcomes became known before a day.
func (o *OutcomeHistory) ahead(day Day) time.Duration {
	var medians []float64
	for _, d := range before(o.Known, day, func(d *OutcomeDay) Day { return d.Day }) {
		medians = append(medians, d.Ahead[P50])
	}
	medians = medians[max(0, len(medians)-pastDays):]
	if len(medians) == 0 {
		return 0
	}
	slices.Sort(medians)
	return time.Duration(medians[len(medians)/2]) * time.Second
}
