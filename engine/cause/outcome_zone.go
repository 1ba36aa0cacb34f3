package cause

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// outcome.zone_shifted: the event times of the outcomes were written by another clock: local time taken for UTC, or the reverse.
//
// It applies where outcomes say when they became known, and holds the time from prediction to event, of the outcomes that
// became known on a day, against the 28 such days before. It must move by the offset of some zone, from an hour and a half to
// 14 hours, so that its lower three quantiles (.05, .25, .5) leave the range that they had by half of the offset, and all five
// are back in their range when the offset is taken away; for two days. It goes on while all of them are nearer to the range so
// moved than to the range. That is a proof: seasons and holidays do not move all of a distribution by a whole offset. An hour
// is not looked at: that is what clocks that follow daylight saving time do to those that do not.

const (
	holdZone   = 2
	leastShift = 90 * time.Minute
	mostShift  = 14 * time.Hour
	nearShift  = 300 // seconds by which a quantile brought back may miss its range
)

// ZoneShiftedClaims looks at the outcomes that became known before the boundary.
func ZoneShiftedClaims(o *OutcomeHistory, since, boundary Day) []Claim {
	if !o.KnownAt {
		return nil
	}
	days := o.knownFrom(since, boundary)
	shifts := map[int]time.Duration{}
	found := runs(len(days), fewDays, holdZone, func(i int, past []int, going bool) bool {
		if days[i].Rows < fewRows {
			return false
		}
		d, ok := shiftOf(days, i, past, shifts[i-1])
		if !ok && going && nearer(days, i, past, shifts[i-1].Seconds()) {
			d, ok = shifts[i-1], true
		}
		if ok {
			shifts[i] = d
		}
		return ok
	})
	claim := Claim{
		Cause: OutcomeZoneShifted, Node: "outcomes", Tier: "logged",
		Action: "Write the outcomes' event times in UTC again (or say timezone: for them), and deliver those since the onset anew.",
	}
	var used []time.Duration
	for _, r := range found {
		of, ok := clockOf(days, r)
		// The day before may have been too odd to begin a run, and be part of it.
		if first := r.first - 1; ok && first >= fewDays && nearer(days, first, indexes(max(0, first-pastDays), first), of[0].Seconds()) {
			r.first = first
		}
		span := knownSpan(days, r)
		if !ok || !span.lasts(since) {
			continue
		}
		claim.adds(span, true)
		used = append(used, of...)
		if of[0] > 0 {
			if at, ok := o.writtenLate(DayOf(span.From), boundary, of[0]); ok {
				claim.Events = append(claim.Events, at)
			}
		}
		claim.Evidence = append(claim.Evidence, fmt.Sprintf("from prediction to event it is %s at the median of the outcomes of %s, %s of those before: all of the distribution moved by %s",
			seconds(days[r.first].Ahead[P50]), onDay(days[r.first].Day), seconds(days[r.first-1].Ahead[P50]), offset(of[0])))
	}
	told := len(claim.Spans) > 0
	for _, s := range o.strayedRuns(since, boundary) {
		if !s.span.lasts(since) {
			continue
		}
		if !slices.ContainsFunc(claim.Events, func(at time.Time) bool { return at.Sub(s.event).Abs() < 2*whole }) {
			claim.Events = append(claim.Events, s.event)
		}
		if told { // already, of all of them
			continue
		}
		claim.adds(s.span, s.proven)
		claim.Evidence = append(claim.Evidence, s.line)
		used = append(used, s.by)
	}
	if len(claim.Spans) == 0 {
		return nil
	}
	slices.SortFunc(claim.Events, time.Time.Compare)
	claim.Parameters = clockParameters(used, [2]time.Time{claim.Spans[0].From, boundary.Start()})
	return []Claim{claim.overall()}
}

// clockParameters names offsets, and the zones that have them all through [from, to).
func clockParameters(used []time.Duration, days [2]time.Time) map[string]any {
	var offsets []string
	for _, d := range used {
		if text := offset(d); !slices.Contains(offsets, text) {
			offsets = append(offsets, text)
		}
	}
	zones := zonesOf(used, days)
	slices.Sort(zones)
	return map[string]any{"offsets": offsets, "zones": zones}
}

// indexes lists the numbers in [from, to).
func indexes(from, to int) []int {
	all := make([]int, 0, to-from)
	for i := from; i < to; i++ {
		all = append(all, i)
	}
	return all
}

// clockOf finds the offset of a run, or two an hour apart where the clocks changed in it: those that take its days nearest to
// the days before it; false where they are left further off than those are from each other. Whole hours go before others.
func clockOf(days []OutcomeDay, r run) ([]time.Duration, bool) {
	first := max(0, r.first-pastDays)
	var middle [5]float64
	for q := P05; q <= P50; q++ {
		var values []float64
		for i := first; i < r.first; i++ {
			values = append(values, days[i].Ahead[q])
		}
		slices.Sort(values)
		middle[q] = values[len(values)/2]
	}
	// off is how far days are from the middle, d taken away, in seconds a day and quantile.
	off := func(from, to int, d time.Duration) float64 {
		sum := 0.0
		for i := from; i < to; i++ {
			for q := P05; q <= P50; q++ {
				sum += math.Abs(days[i].Ahead[q] - middle[q] - d.Seconds())
			}
		}
		return sum / 3
	}
	var all []time.Duration
	least, raw := math.Inf(1), 0.0
	try := func(handicap, cost float64, offsets ...time.Duration) {
		if handicap*cost < least {
			all, least, raw = offsets, handicap*cost, cost
		}
	}
	for hours := -14 * time.Hour; hours <= mostShift; hours += time.Hour {
		try(1, off(r.first, r.end, hours), hours)
		try(1.25, off(r.first, r.end, hours+30*time.Minute), hours+30*time.Minute)
	}
	for _, d := range oddOffsets {
		try(2, off(r.first, r.end, d), d)
		try(2, off(r.first, r.end, -d), -d)
	}
	best := all[0]
	for at := r.first + 1; at < r.end; at++ {
		for _, d := range []time.Duration{best - time.Hour, best, best + time.Hour} {
			for _, next := range []time.Duration{d - time.Hour, d + time.Hour} {
				try(2, off(r.first, at, d)+off(at, r.end, next), d, next)
			}
		}
	}
	usual := off(first, r.first, 0) / float64(r.first-first)
	return all, raw/float64(r.end-r.first) <= math.Max(nearShift, 1.5*usual)
}

// oddOffsets are those that zones have beside whole and half hours.
var oddOffsets = []time.Duration{345 * time.Minute, 525 * time.Minute, 765 * time.Minute}

// shiftOf finds the offset by which a day's events moved: that of the day before, else the nearest whole hour, half hour, or
// other offset that fits.
func shiftOf(days []OutcomeDay, i int, past []int, yesterday time.Duration) (time.Duration, bool) {
	medians := make([]float64, len(past))
	for n, p := range past {
		medians[n] = days[p].Ahead[P50]
	}
	slices.Sort(medians)
	moved := time.Duration((days[i].Ahead[P50] - medians[len(medians)/2]) * float64(time.Second))
	half := moved.Truncate(time.Hour) + 30*time.Minute
	if moved < 0 {
		half = moved.Truncate(time.Hour) - 30*time.Minute
	}
	tried := []time.Duration{yesterday, moved.Round(time.Hour), half}
	for _, d := range oddOffsets {
		tried = append(tried, d, -d)
	}
	for _, d := range tried {
		if d.Abs() >= leastShift && d.Abs() <= mostShift && movedBy(days, i, past, d.Seconds()) {
			return d, true
		}
	}
	return 0, false
}

// movedBy tells whether a day is of its past but for d seconds.
func movedBy(days []OutcomeDay, i int, past []int, d float64) bool {
	for q := P05; q <= P95; q++ {
		low, high := hull(past, func(i int) Quantiles { return days[i].Ahead }, q)
		now := days[i].Ahead[q]
		if q <= P50 && now < high+math.Abs(d)/2 && now > low-math.Abs(d)/2 {
			return false
		}
		if now-d < low-nearShift || now-d > high+nearShift {
			return false
		}
	}
	return true
}

// nearer tells whether the lower three quantiles of a day are nearer to the middle of their past moved by d seconds than to it.
func nearer(days []OutcomeDay, i int, past []int, d float64) bool {
	for q := P05; q <= P50; q++ {
		low, high := hull(past, func(i int) Quantiles { return days[i].Ahead }, q)
		off := days[i].Ahead[q] - (low+high)/2
		if math.Abs(off-d) >= math.Abs(off) {
			return false
		}
	}
	return true
}

// knownSpan is when the predictions of a run of days were made: from the hour at which those whose outcomes became known on its
// first day begin, to that of the day after it.
func knownSpan(days []OutcomeDay, r run) Span {
	span := Span{From: days[r.first].Predicted.Truncate(time.Hour)}
	if r.end < len(days) {
		span.To = days[r.end].Predicted.Truncate(time.Hour)
	}
	return span
}

func seconds(s float64) string { return (time.Duration(s) * time.Second).String() }
