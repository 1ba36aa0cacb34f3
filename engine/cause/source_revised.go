package cause

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// source.revised: what the source said then was wrong, and it was corrected later. The feature was served as it should have
// been, from a value that did not last.
//
// It applies to features that are looked up in a source whose rows have versions (`id`, or `snapshot`), and whose values are
// numbers; of what windows take see source_rewritten.go. Every source revises, and most in one direction: late reports make
// counts grow. A day of predictions counts when what its values were raised by (or lowered by), weighed by their size, is more
// than four times what nine in ten days of the source's own past came to in that direction, five times the median day, and 5 %
// at least; and when 30 predictions, from ten rows of the source, used a value that is off by more than a fifth. It is proven
// where the served values of nine in ten of them agree with the replay as known then: the fault is inside the source.

const (
	revisedTimes  = 4.0  // of the 0.9 quantile of days of the past
	revisedMedian = 5.0  // of the median day
	revisedLeast  = 0.05 // of the values' size
	fewRevised    = 10   // days of past
	fewSourceRows = 10
	provenShare   = 0.9
)

// RevisedClaims looks at the predictions of the days [since, boundary), with the revisions known before the boundary.
func RevisedClaims(s *SourceHistory, since, boundary Day) []Claim {
	all := lookedUpClaims(s, since, boundary)
	for i := range s.Rewritten {
		all = append(all, s.Rewritten[i].claims(s, since, boundary)...)
	}
	return all
}

// lookedUpClaims judges the values that features were looked up.
func lookedUpClaims(s *SourceHistory, since, boundary Day) []Claim {
	var sum revisedSum
	var features []string
	var spans []Span
	var evidence []string
	for i := range s.Revisions {
		r := &s.Revisions[i]
		hit := false
		for j := range r.Used {
			d := &r.Used[j]
			if d.Day < since || d.Day >= boundary {
				continue
			}
			for _, lowered := range []bool{true, false} {
				now := d.at(boundary, lowered)
				usual, ok := r.usual(DayOf(now.KnownFrom), boundary, lowered)
				if !ok || now.Beyond < fewRows || now.Rows < fewSourceRows || !usual.exceededBy(now.share(d)) {
					continue
				}
				hit = true
				sum.add(now)
				spans = append(spans, Span{From: now.First.Truncate(time.Hour), To: now.Last.Truncate(time.Hour).Add(time.Hour)})
				evidence = append(evidence, now.evidence(r.Feature, d, usual))
			}
		}
		if hit {
			features = append(features, r.Feature)
		}
	}
	if len(spans) == 0 {
		return nil
	}
	agree := shareOf(sum.Agreeing, sum.Beyond)
	parameters := map[string]any{"corrected_at": sum.CorrectedAt.Format(time.RFC3339)}
	if sum.Now > 0 {
		parameters["ratio"] = math.Round(1000*sum.Used/sum.Now) / 1000
	}
	evidence = append(evidence, fmt.Sprintf("the values were known since %s, corrections since %s", toMinute(sum.KnownFrom), toMinute(sum.CorrectedAt)),
		fmt.Sprintf("%s of the served values agree with the replay as known then", percent(agree)))
	return []Claim{{
		Mend: &Mend{Final: true}, Cause: SourceRevised, Node: s.Name, Sources: []string{s.Name}, Features: features, Parameters: parameters, Tier: "replayed",
		Proven: agree >= provenShare,
		Proof:  &Proof{Explains: agree, Rows: sum.Beyond, Distinct: sum.Rows},
		Spans:  union(spans), Evidence: evidence,
		Action: revisedAction(s),
	}}
}

func revisedAction(s *SourceHistory) string {
	return fmt.Sprintf("Tell who delivers %s that what it published then was wrong. Score those predictions anew on the corrected values before they are judged or trained on; the model and the pipe did as they should.", s.Name)
}

// evidence says what a day's values were revised by.
func (m *Move) evidence(feature string, d *RevisedDay, usual usualRevision) string {
	word := "raised"
	if m.Lowered {
		word = "lowered"
	}
	return fmt.Sprintf("%s: %d of %d predictions of %s used values that were %s by more than %.0f %% afterwards; in all, values were %s by %s of their size, by %s on the median day before and by %s or more on one day in ten",
		feature, m.Beyond, d.Predictions, onDay(d.Day), word, 100*RevisedBy, word, percent(m.share(d)), percent(usual.median), percent(usual.high))
}

// at is the state of a day as known at a boundary, in one direction: the sum of its moves.
func (d *RevisedDay) at(boundary Day, lowered bool) Move {
	now := Move{Lowered: lowered}
	for i := range d.Moves {
		m := &d.Moves[i]
		if m.Known >= boundary {
			break
		}
		if m.Lowered != lowered {
			continue
		}
		now.Moved += m.Moved
		now.Beyond += m.Beyond
		now.Agreeing += m.Agreeing
		now.Rows += m.Rows
		now.Used += m.Used
		now.Now += m.Now
		now.KnownFrom = earlier(now.KnownFrom, m.KnownFrom)
		now.CorrectedAt = earlier(now.CorrectedAt, m.CorrectedAt)
		now.First = earlier(now.First, m.First)
		if m.Last.After(now.Last) {
			now.Last = m.Last
		}
	}
	return now
}

// share is what a day's values were revised by, of their size.
func (m *Move) share(d *RevisedDay) float64 {
	if d.Base <= 0 {
		return 0
	}
	return m.Moved / d.Base
}

// earlier is the earlier of two instants, of which the zero time is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// usualRevision is how the source revised its values before.
type usualRevision struct{ high, median float64 }

func (u usualRevision) exceededBy(share float64) bool {
	return share >= revisedLeast && share >= revisedTimes*u.high && share >= revisedMedian*u.median
}

// usual looks at the values first known before a day; false while they are too few. Older values had more time to be revised
// than what is held against them, never less.
func (r *Revisions) usual(day, boundary Day, lowered bool) (usualRevision, bool) {
	var shares []float64
	for i := range r.Usual {
		d := &r.Usual[i]
		if d.Day >= day {
			break
		}
		if d.Base > 0 {
			now := d.at(boundary, lowered)
			shares = append(shares, now.share(d))
		}
	}
	if len(shares) < fewRevised {
		return usualRevision{}, false
	}
	slices.Sort(shares)
	return usualRevision{high: shares[len(shares)*9/10], median: shares[len(shares)/2]}, true
}

// revisedSum pools days and features.
type revisedSum struct{ Move }

func (s *revisedSum) add(m Move) {
	s.Beyond += m.Beyond
	s.Agreeing += m.Agreeing
	s.Rows = max(s.Rows, m.Rows)
	s.Used += m.Used
	s.Now += m.Now
	s.KnownFrom = earlier(s.KnownFrom, m.KnownFrom)
	s.CorrectedAt = earlier(s.CorrectedAt, m.CorrectedAt)
}
