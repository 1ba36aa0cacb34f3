package cause

import (
	"fmt"
	"math"
	"time"
)

// outcome.duplicated: outcomes came several times over with different values, so that none of them can be taken.
//
// It applies always. Rows of one key that become known at one instant with different values are counted by delivery; a delivery
// counts when ten keys, one in a hundred, and far more than in the 28 days of deliveries before it, seven at least, are so. It
// is proven: no true outcome has two values. It ends with the next delivery whose keys do not contradict each other. Rows
// repeated word for word do no harm and are not counted.

const (
	fewConflicts = 10
	tornShare    = 0.01 // of the keys of a delivery, in conflict
)

// DuplicatedClaims looks at the deliveries of the days [since, boundary).
func DuplicatedClaims(o *OutcomeHistory, since, boundary Day) []Claim {
	claim := Claim{
		Cause: OutcomeDuplicated, Node: "outcomes", Parameters: map[string]any{}, Tier: "logged", Proven: true,
		Levels: []Level{{"outcomes.outcome", "duplicated"}},
		Action: "Find out which of the rows is right and have the outcomes delivered again: a key that joins several outcomes, or a column that was written over, is the usual reason. Until then what was known before goes on counting.",
	}
	var conflicts int64
	open := false
	past := conflictPast{}
	for _, h := range o.Brought {
		if !h.At.Before(boundary.Start()) {
			break
		}
		share := shareOf(h.Conflicts, h.Keys)
		hit := past.enough() && h.Conflicts >= fewConflicts && share >= farTimes*past.highest(DayOf(h.At)) && share >= tornShare
		switch {
		case hit && !open:
			claim.Spans = append(claim.Spans, Span{From: h.At})
			open = true
			if !h.TornFrom.IsZero() {
				claim.Events = append(claim.Events, h.TornFrom)
			}
		case !hit && open && h.Keys > 0:
			claim.Spans[len(claim.Spans)-1].To = h.At
			open = false
		}
		if !hit {
			past.add(DayOf(h.At), share)
			continue
		}
		if !h.At.Before(since.Start()) {
			conflicts = max(conflicts, h.Conflicts)
			claim.Evidence = append(claim.Evidence, fmt.Sprintf("%d of %d keys delivered at %s have several values", h.Conflicts, h.Keys, h.At.Format(time.RFC3339)))
		}
	}
	claim.Spans = recent(claim.Spans, since)
	if len(claim.Spans) == 0 {
		return nil
	}
	if conflicts > 0 {
		claim.Parameters["keys"] = conflicts
	}
	return []Claim{claim}
}

// conflictPast is the share of keys in conflict by day.
type conflictPast struct {
	days   []Day
	shares []float64
}

func (p *conflictPast) add(day Day, share float64) {
	if n := len(p.days); n > 0 && p.days[n-1] == day {
		p.shares[n-1] = math.Max(p.shares[n-1], share)
		return
	}
	p.days, p.shares = append(p.days, day), append(p.shares, share)
}

// enough tells whether a week of deliveries was seen.
func (p *conflictPast) enough() bool { return len(p.days) >= fewJudged }

// highest is that of the newest 28 days with deliveries before a day.
func (p *conflictPast) highest(day Day) float64 {
	n := len(p.days)
	if n > 0 && p.days[n-1] == day {
		n--
	}
	highest := 0.0
	for _, s := range p.shares[max(0, n-pastDays):n] {
		highest = math.Max(highest, s)
	}
	return highest
}
