package cause

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// outcome.late: outcomes became known after the horizon, so that their predictions stay without one.
//
// It applies where outcomes say when they became known; a second test is in outcome_delay.go. A day of predictions is judged
// when the horizon of all of them is over. Days count on which outcomes in time are far fewer than on the 28 days before, and
// on one of which 30 came after the horizon, a share far above that of those days, which had more time to grow late ones. It is
// proven: the files say when each row came. A day of which hardly any outcome has come, though the horizon is over, is likely
// to be late, until they come.

const (
	fewJudged = 6   // days of past, beside the one before
	nearlyAll = 0.9 // of a day's outcomes
	mostUsual = 0.2 // of which no more than that was missing before
)

// waiting is what became of a day's predictions by a boundary.
type waiting struct {
	day                          Day
	asked, timely, late, missing int64
	hours                        [24]hourWait
}

type hourWait struct{ asked, missing, untimely int64 }

// waited adds up the days in [since, boundary) whose horizon is over at the boundary.
func (o *OutcomeHistory) waited(since, boundary Day) []waiting {
	var days []waiting
	for _, w := range o.Waits {
		if w.Day < since || w.Day+1+o.horizonDays() > boundary {
			continue
		}
		if n := len(days); n == 0 || days[n-1].day != w.Day {
			days = append(days, waiting{day: w.Day})
		}
		if w.Torn && w.Known < boundary {
			continue // see outcome.duplicated
		}
		d := &days[len(days)-1]
		d.asked += w.Rows
		d.hours[w.Hour].asked += w.Rows
		if !w.Timely {
			d.hours[w.Hour].untimely += w.Rows
		}
		switch {
		case w.Timely:
			d.timely += w.Rows
		case w.Late && w.Known < boundary:
			d.late += w.Rows
		default:
			d.missing += w.Rows
			d.hours[w.Hour].missing += w.Rows
		}
	}
	return days
}

// LateClaims looks at the predictions of the days [since, boundary).
func LateClaims(o *OutcomeHistory, since, boundary Day) []Claim {
	if !o.KnownAt {
		return nil
	}
	days := o.waited(since, boundary)
	late := func(i int) float64 { return shareOf(days[i].late, days[i].asked) }
	untimely := func(i int) float64 { return shareOf(days[i].asked-days[i].timely, days[i].asked) }
	came := map[int]bool{} // days of which 30 have come late; of the youngest they have not yet
	found := runs(len(days), fewJudged, 1, func(i int, past []int, going bool) bool {
		d := &days[i]
		came[i] = d.late >= fewRows && risen(d.late, d.asked, highestOf(past, late), going)
		return came[i] || d.asked-d.timely >= fewRows && risen(d.asked-d.timely, d.asked, highestOf(past, untimely), going)
	})
	found = slices.DeleteFunc(found, func(r run) bool {
		for i := r.first; i < r.end; i++ {
			if came[i] {
				return false
			}
		}
		return true
	})
	claim := Claim{
		Cause: OutcomeLate, Node: "outcomes", Parameters: map[string]any{}, Tier: "logged",
		Levels: []Level{{"outcomes.outcome", "late"}}, Strays: true, // some always come after the horizon
		Action: "Find out why the outcomes came so late, and score those predictions again once it is settled: they are missing from every figure. If outcomes take longer now, write a longer horizon.",
	}
	for _, r := range found {
		claim.adds(hourSpan(days, r, func(h *hourWait) int64 { return h.untimely }), true)
		claim.Parameters["horizon"] = spell(o.Horizon)
		var lates, asked int64
		for _, d := range days[r.first:r.end] {
			lates += d.late
			asked += d.asked
		}
		claim.Evidence = append(claim.Evidence, fmt.Sprintf("%d of %d outcomes of predictions since %s came after the horizon of %s; of those of the day before %s",
			lates, asked, onDay(days[r.first].day), spell(o.Horizon), percent(late(r.first-1))))
	}
	o.delayed(&claim, since, boundary)
	if len(claim.Spans) == 0 {
		return awaitedClaims(days)
	}
	return []Claim{claim.overall()}
}

// awaitedClaims looks for days at the end of which hardly any outcome has come.
func awaitedClaims(days []waiting) []Claim {
	gone := absent(days)
	found := runs(len(days), fewJudged, 1, func(i int, past []int, _ bool) bool { return gone(i, past) })
	if len(found) == 0 || found[len(found)-1].end < len(days) {
		return nil
	}
	r := found[len(found)-1]
	var missing, asked int64
	for _, d := range days[r.first:] {
		missing += d.missing
		asked += d.asked
	}
	return []Claim{{
		Cause: OutcomeLate, Node: "outcomes", Parameters: map[string]any{}, Tier: "logged",
		Spans:    []Span{hourSpan(days, r, func(h *hourWait) int64 { return h.missing })},
		Evidence: []string{fmt.Sprintf("%d of %d predictions since %s have no outcome, though their horizon is over", missing, asked, onDay(days[r.first].day))},
		Action:   "See whether the job that loads the outcomes still runs. Nothing can be said of the model while they are not there.",
	}}
}

// absent tells the days of which hardly any outcome has come, unlike the past.
func absent(days []waiting) func(i int, past []int) bool {
	return func(i int, past []int) bool {
		for _, p := range past {
			if shareOf(days[p].missing, days[p].asked) > mostUsual {
				return false
			}
		}
		return days[i].missing >= fewRows && shareOf(days[i].missing, days[i].asked) >= nearlyAll
	}
}

// hourSpan is a run of days as a span, open while the run is. It begins at the hour of the first day from which on the share of
// predictions hit is nearest to what it is afterwards.
func hourSpan(days []waiting, r run, hit func(*hourWait) int64) Span {
	var asked, all int64
	for i := min(r.first+1, r.end-1); i < r.end; i++ {
		asked += days[i].asked
		for hour := range days[i].hours {
			all += hit(&days[i].hours[hour])
		}
	}
	half := shareOf(all, asked) / 2
	onset, best, sum := 0, 0.0, 0.0
	for hour := 23; hour >= 0; hour-- {
		h := &days[r.first].hours[hour]
		if sum += float64(hit(h)) - half*float64(h.asked); sum > best && h.asked > 0 {
			onset, best = hour, sum
		}
	}
	span := Span{From: days[r.first].day.Start().Add(time.Duration(onset) * time.Hour)}
	if r.end < len(days) {
		span.To = days[r.end].day.Start()
	}
	return span
}

// highestOf is the largest of shares, 0 of none.
func highestOf(past []int, of func(i int) float64) float64 {
	highest := 0.0
	for _, p := range past {
		highest = math.Max(highest, of(p))
	}
	return highest
}

// hoursHit lists the hours of the day, of those with predictions on the days of a run, in which nearly all outcomes are missing,
// and tells whether in all others no more are than usual.
func hoursHit(days []waiting, r run, usual float64) (hit []int, sharp bool) {
	sharp = true
	for hour := range 24 {
		var asked, missing int64
		for _, d := range days[r.first:r.end] {
			asked += d.hours[hour].asked
			missing += d.hours[hour].missing
		}
		switch share := shareOf(missing, asked); {
		case asked == 0:
		case share >= 0.95:
			hit = append(hit, hour)
		case share > usual+farShare:
			sharp = false
		}
	}
	return slices.Clip(hit), sharp && len(hit) > 0
}
