package cause

import (
	"fmt"
	"time"
)

// feature.stale: an old value was served: as of a constant lag behind, as of the instant at which the store froze, as of its
// last refresh, or of a row that is older than may be used.

func staleHypotheses(f *Feature) []Hypothesis {
	if !f.timed() {
		return nil
	}
	var all []Hypothesis
	if f.asOf() && f.Within > 0 {
		h := f.plain(Stale, "any age", 6)
		h.Reading.Within = 0
		h.Parameters = map[string]any{"lag_s": nil, "within": "ignored"}
		all = append(all, h)
	}
	for _, r := range refreshes() {
		h := f.plain(Stale, "refresh "+r.text, 17)
		h.Instant = Instant{Clock: Refreshed, Period: r.period, Phase: r.phase}
		h.Parameters = map[string]any{"refresh": r.text}
		all = append(all, h)
	}
	return both(f, all)
}

type refresh struct {
	period, phase time.Duration
	text          string
}

// refreshes are the schedules that stores are usually refreshed on.
func refreshes() []refresh {
	all := []refresh{{time.Hour, 0, "hourly"}}
	for _, n := range []int{5, 10, 15, 20, 30} {
		all = append(all, refresh{time.Duration(n) * time.Minute, 0, fmt.Sprintf("every %d minutes", n)})
	}
	for h := range 24 {
		all = append(all, refresh{24 * time.Hour, time.Duration(h) * time.Hour, fmt.Sprintf("daily at %02d:00", h)})
	}
	for _, n := range []int{2, 3, 4, 6, 8, 12} {
		all = append(all, refresh{time.Duration(n) * time.Hour, 0, fmt.Sprintf("every %d hours", n)})
	}
	return all
}

// aged marks the key of a hypothesis that judges the age of rows when it is asked for.
const aged = ", aged"

// both gives each hypothesis about when a source is read twice where the age of its rows counts: with the age judged when it
// is read, and when it is asked for.
func both(f *Feature, all []Hypothesis) []Hypothesis {
	if !f.asOf() || f.Within == 0 {
		return all
	}
	for _, h := range all {
		if h.Instant != (Instant{Clock: Shifted}) {
			h.Instant.Aged = true
			h.Key += aged
			h.Rank++
			all = append(all, h)
		}
	}
	return all
}

// Implied is a stretch of instants, or of distances from the instant of asking, at which the source would have given what was
// served, on as many of a day's rows as at any.
type Implied struct {
	Frozen    bool  // instants, in microseconds since 1970; else distances in microseconds
	Low, High int64 // half-open
	Rows      int64
	// Fine tells the part of such a stretch of instants that the rows served null speak for as well. They do where a row's age counts from
	// when the source was read.
	Fine bool
}

// StaleFrom turns what the rows of a day imply into hypotheses: a lag, a store that froze, a look ahead.
func StaleFrom(f *Feature, implied []Implied) []Hypothesis {
	var all, fine []Hypothesis
	for _, m := range implied {
		h := f.plain(Stale, "", 15)
		h.Low, h.High = m.Low, m.High
		switch at := roundest(m.Low, m.High); {
		case m.Frozen:
			h.Instant = Instant{Clock: Frozen, At: time.UnixMicro(at).UTC()}
			h.Key = "frozen at " + h.Instant.At.Format(time.RFC3339Nano)
			h.Parameters = map[string]any{"frozen_at": h.Instant.At.Format(time.RFC3339Nano)}
		case at < 0:
			h.Instant.By = time.Duration(at) * time.Microsecond
			h.Key = "lag " + spell(-h.Instant.By)
			h.Rank = lagRank(-h.Instant.By)
			h.Parameters = map[string]any{"lag_s": -h.Instant.By.Seconds()}
		case at > 0:
			h.Cause, h.Rank = Future, 16
			h.Instant.By = time.Duration(at) * time.Microsecond
			h.Key = "ahead " + spell(h.Instant.By)
			h.Parameters = map[string]any{"ahead_s": h.Instant.By.Seconds()}
		default:
			continue
		}
		if m.Fine {
			fine = append(fine, h)
			continue
		}
		all = append(all, h)
	}
	return append(fine, both(f, all)...) // of one key the finer bounds stand
}

// lagRank ranks a lag of hours and minutes after clocks: where rows are always known ten minutes after they happen, event times
// that are read five hours late give what a lag of 4h50m does.
func lagRank(by time.Duration) int {
	if by > time.Hour && by%time.Hour != 0 && !clockLike(by) {
		return 18
	}
	return 15
}

// units are the steps that people set clocks and schedules in, in microseconds, longest first.
var units = []int64{86400e6, 6 * 3600e6, 3600e6, 1800e6, 900e6, 300e6, 60e6, 1e6, 1e3, 1}

// roundest is the roundest number in [low, high): a multiple of the longest unit, of several the one nearest to 0.
func roundest(low, high int64) int64 {
	for _, u := range units {
		k := ceilDiv(low, u)
		if low < 0 && high > 0 {
			k = 0
		} else if high <= 0 {
			k = ceilDiv(high, u) - 1
		}
		if at := k * u; at >= low && at < high && at != 0 {
			return at
		}
	}
	return low
}

// roundness is the longest of units that divides a number.
func roundness(v int64) int64 {
	for _, u := range units {
		if v%u == 0 {
			return u
		}
	}
	return 0
}

// ceilDiv is the least whole number of at least a / b; b is above 0.
func ceilDiv(a, b int64) int64 {
	q := a / b
	if a%b > 0 {
		q++
	}
	return q
}
