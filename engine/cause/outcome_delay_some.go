package cause

import (
	"fmt"
	"slices"
	"time"
)

// outcome.late, third test: a part of the outcomes comes some hours later than usual where a part always does, and on no day stands far
// above that. For each number of hours, the events of a day count of which the outcome became known so much later than is usual at their hour
// of the day, beside those that had by then; and the test is whether such days stand above all before them. It is likely only.

// leastSome is the share of a day's events that must have come late: what is rarer is found among millions of rows, and nobody's concern.
const leastSome = 0.01

// lagDay is the events of a day by how many hours later than usual they became known.
type lagDay struct {
	day  Day
	lags map[int]int64
}

// late counts the events that became known so many hours later than usual, beside those that had by then.
func (d *lagDay) late(lag int) (hits, all int64) {
	for by, n := range d.lags {
		if by <= lag {
			all += n
		}
	}
	return d.lags[lag], all
}

// lagDays counts the events of the days that can be judged at a boundary, which are ascending; usual is by hour of the day.
func (o *OutcomeHistory) lagDays(since, boundary Day) (days []lagDay, usual [24]int) {
	first := since - o.Reach + o.horizonDays() + 1
	known := func(yield func(from, known time.Time, rows int64)) {
		for _, e := range o.Events {
			if day := DayOf(e.Happened); day >= first && day < boundary && e.Known.Before(boundary.Start()) {
				yield(e.Happened, e.Known, e.Rows)
			}
		}
	}
	usual = usualWaits(known)
	known(func(happened, known time.Time, rows int64) {
		day := DayOf(happened)
		if n := len(days); n == 0 || days[n-1].day != day {
			days = append(days, lagDay{day: day, lags: map[int]int64{}})
		}
		days[len(days)-1].lags[int(known.Sub(happened)/time.Hour)-usual[happened.Hour()]] += rows
	})
	return days, usual
}

// someLate is the lag whose days stand out most clearly, those days, and whether they go on as far as can be judged; 0 where none do.
func someLate(days []lagDay, usual [24]int, boundary Day) (found run, lag int, open bool) {
	rows := map[int]int64{}
	for _, d := range days {
		for l, n := range d.lags {
			rows[l] += n
		}
	}
	longest := 0
	for _, wait := range usual {
		longest = max(longest, wait)
	}
	clearest := 0.0
	for _, l := range sortedKeys(rows) {
		if l <= 0 || rows[l] < fewRows {
			continue
		}
		ripe := before(days, boundary-Day((longest+l+23)/24), func(d *lagDay) Day { return d.day })
		late := func(i int) (hits, all int64) { return ripe[i].late(l) }
		r, sigmas := stood(len(ripe), late)
		if sigmas > clearest && shareOf(summed(indexes(r.first, r.end), late)) >= leastSome {
			found, lag, open, clearest = r, l, r.end == len(ripe), sigmas
		}
	}
	return found, lag, open
}

// someDelayed is the third test; it adds to the claim.
func (o *OutcomeHistory) someDelayed(claim *Claim, since, boundary Day) {
	days, usual := o.lagDays(since, boundary)
	r, lag, open := someLate(days, usual, boundary)
	if lag == 0 {
		return
	}
	share := func(from, end int) float64 {
		return shareOf(summed(indexes(from, end), func(i int) (hits, all int64) { return days[i].late(lag) }))
	}
	first := days[r.first].day
	at := o.lateSince(first+1+Day(lag/24), boundary, lag)
	span := Span{From: at.Add(-o.ahead(first)).Truncate(time.Hour)}
	if !open {
		span.To = days[r.end].day.Start().Add(-o.ahead(first))
	}
	if !span.To.IsZero() && !span.To.After(span.From) || !span.lasts(since) {
		return
	}
	claim.adds(span, false)
	claim.ofSome = true
	claim.Events = append(claim.Events, at)
	claim.Parameters["lag_s"] = float64(lag) * 3600
	claim.Evidence = append(claim.Evidence, fmt.Sprintf("of the outcomes of events since %s %s became known %d h later than is usual at their hour of the day, on each day more than on any before; %s until then",
		onDay(first), percent(share(r.first, r.end)), lag, percent(share(max(0, r.first-1-pastDays), r.first-1))))
}

// Undisturbed leaves out of claims of late outcomes those of the third test that begin where the clock of the events moved, within a day: what
// is usual at an hour of the day did too.
func Undisturbed(late, shifted []Claim) []Claim {
	return slices.DeleteFunc(late, func(c Claim) bool {
		return c.ofSome && slices.ContainsFunc(shifted, func(s Claim) bool {
			return slices.ContainsFunc(s.Spans, func(moved Span) bool { return moved.From.Sub(c.Spans[0].From).Abs() <= whole })
		})
	})
}
