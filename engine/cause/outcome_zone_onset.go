package cause

import (
	"math"
	"time"
)

// The hour from which events were written by another clock. Told by the outcomes that lie where none used to lie it would be late:
// of events that are written four hours late only the longest journeys do. But the hours themselves tell. Up to an hour c the events
// are as many as in this hour of the days before; from c on those of an hour x lie at x + d. With d > 0 the hours [c, c + d) are
// empty, and those after hold what used to be d earlier.

const (
	usualDays  = 14  // of which the events of an hour are usual
	leastUsual = 0.5 // events an hour that are expected where there used to be none
)

// writtenLate is the hour from which events lie d later, d > 0, by the likelihood of their counts as Poisson counts: one within a day of
// the start of a day; false where no hour makes them likelier than that they lie where they did.
func (o *OutcomeHistory) writtenLate(around, boundary Day, d time.Duration) (time.Time, bool) {
	first, end := (around - 1).Start(), (around + 2).Start()
	if last := boundary.Start(); last.Before(end) {
		end = last
	}
	var usual [24]float64
	now := map[time.Time]float64{}
	for _, e := range o.Events {
		if !e.Known.Before(boundary.Start()) {
			continue
		}
		if e.Happened.Before(first) && !e.Happened.Before((around - 1 - usualDays).Start()) {
			usual[e.Happened.Hour()] += float64(e.Rows) / usualDays
		}
		now[e.Happened] += float64(e.Rows)
	}
	// expected is how many events used to lie in the hour that begins at an instant, of this time of the day.
	expected := func(at time.Time) float64 {
		hour := at.Truncate(time.Hour)
		share := float64(at.Sub(hour)) / float64(time.Hour)
		return (1-share)*usual[hour.Hour()] + share*usual[(hour.Hour()+1)%24]
	}
	likelihood := func(c time.Time) float64 {
		sum := 0.0
		for x := first; x.Before(end); x = x.Add(time.Hour) {
			count := 0.0
			switch {
			case x.Before(c):
				count = expected(x)
			case !x.Before(c.Add(d)):
				count = expected(x.Add(-d))
			}
			count = max(count, leastUsual)
			sum += now[x]*math.Log(count) - count
		}
		return sum
	}
	best, most := time.Time{}, likelihood(end)
	for c := first; c.Before(end); c = c.Add(time.Hour) {
		if l := likelihood(c); l > most {
			best, most = c, l
		}
	}
	return best, !best.IsZero()
}
