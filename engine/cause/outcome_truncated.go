package cause

import (
	"fmt"
	"time"
)

// outcome.truncated: a part of the outcomes never comes: a load that ends at an hour of the day, a file cut off, a whole delivery
// that holds only some of the keys.
//
// Four tests; the third is in outcome_events.go, the fourth in outcome_evening.go. (1) On two days in a row, all of whose
// horizons have been over for three days, so that it is not a delay, the share of predictions without an outcome is far above
// that of the 28 days before; proven where it is all those of some hours of the day and no more than usual of the others. (2)
// Where each delivery is whole (`snapshot`), one that leaves out 30 keys and a fifth of those known has withdrawn them; that is
// proven by the delivery itself. A delivery whose rows contradict each other is not cut off: see outcome.duplicated.

const (
	holdMissing = 2
	graceDays   = 3   // after the horizon
	muchGone    = 0.2 // of the keys known
)

// TruncatedClaims looks at the predictions, and the deliveries, of the days [since, boundary).
func TruncatedClaims(o *OutcomeHistory, since, boundary Day) []Claim {
	claim := Claim{
		Cause: OutcomeTruncated, Node: "outcomes", Parameters: map[string]any{}, Tier: "logged",
		Action: "Have the outcomes delivered again in full. Until then every figure is taken over a part of the predictions, and not over a random one.",
	}
	o.neverCame(&claim, since, boundary)
	o.stopped(&claim, since, boundary)
	o.leftOut(&claim, since, boundary)
	if len(claim.Spans) == 0 {
		o.evenings(&claim, since, boundary)
	}
	if len(claim.Spans) == 0 {
		return nil
	}
	return []Claim{claim.overall()}
}

// neverCame is the first test.
func (o *OutcomeHistory) neverCame(claim *Claim, since, boundary Day) {
	days := o.waited(since, boundary)
	days = before(days, boundary-o.horizonDays()-graceDays, func(d *waiting) Day { return d.day })
	missing := func(i int) float64 { return shareOf(days[i].missing, days[i].asked) }
	gone := absent(days)
	var usual float64
	found := runs(len(days), fewJudged, holdMissing, func(i int, past []int, going bool) bool {
		highest := highestOf(past, missing)
		return days[i].missing >= fewRows && risen(days[i].missing, days[i].asked, highest, going) && !gone(i, past)
	})
	for _, r := range found {
		for i := max(0, r.first-pastDays); i < r.first; i++ {
			usual = max(usual, missing(i))
		}
		hit, sharp := hoursHit(days, r, usual)
		claim.adds(hourSpan(days, r, func(h *hourWait) int64 { return h.missing }), sharp)
		claim.Evidence = append(claim.Evidence, fmt.Sprintf("%s of the predictions of %s have no outcome, %s the day before, though their horizon is over",
			percent(missing(r.first)), onDay(days[r.first].day), percent(missing(r.first-1))))
		if sharp {
			claim.Parameters["hours"] = hit
			claim.Evidence = append(claim.Evidence, fmt.Sprintf("they are all those made in the hours %v (UTC) and no more than usual of any other", hit))
		}
	}
}

// leftOut is the second test.
func (o *OutcomeHistory) leftOut(claim *Claim, since, boundary Day) {
	if !o.Snapshot {
		return
	}
	var open bool
	for _, h := range o.Brought {
		if !h.At.Before(boundary.Start()) {
			break
		}
		if open && h.Restored >= fewRows {
			claim.Spans[len(claim.Spans)-1].To = h.At
			open = false
		}
		if h.At.Before(since.Start()) || h.Conflicts > 0 || h.Withdrawn < fewRows || shareOf(h.Withdrawn, h.Withdrawn+h.Keys) < muchGone {
			continue
		}
		claim.adds(Span{From: h.At}, true)
		claim.Parameters["withdrawn"] = h.Withdrawn
		open = true
		claim.Evidence = append(claim.Evidence, fmt.Sprintf("the delivery of %s holds %d keys and leaves out %d that were known", h.At.Format(time.RFC3339), h.Keys, h.Withdrawn))
	}
}
