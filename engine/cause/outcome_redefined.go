package cause

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// outcome.redefined: an outcome means something else than it did: its threshold moved, its sign turned, or its unit changed.
//
// Four tests, on the outcome rows by the day on which they became known. (1) A binary outcome that was told exactly by another
// number in its rows on each of 14 days (all with 1 above all with 0, or the reverse), and is told exactly by it still, but at
// a threshold that the past rules out, or the other way round: proven. (2) A declared rival definition that disagreed with ten
// rows a week or more and agrees with all from a day on, while the outcome as delivered is what changed: proven. (3) A binary
// outcome whose share of 1 is what its share of 0 was, far from half: likely. (4) A number whose quartiles leave their range by
// its own width, and which a known unit or a constant factor brings back: likely.

const (
	fewPast      = 7  // days that a relation is learnt from
	holdLabels   = 2  // days that the new one holds
	fewDisagree  = 10 // rows on which old and new must part
	farFromHalf  = 0.2
	holdFlipDays = 2
)

// RedefinedClaims looks at the outcomes that became known before the boundary.
func RedefinedClaims(o *OutcomeHistory, since, boundary Day) []Claim {
	labels := before(o.Labels, boundary, func(d *LabelledDay) Day { return d.Day })
	known := o.knownFrom(since, boundary)
	claim := Claim{
		Cause: OutcomeRedefined, Node: "outcomes", Parameters: map[string]any{}, Tier: "logged",
		Action: "Agree on what the outcome means. If the old meaning is right, have the outcomes since the onset delivered anew; if the new one is, the model must be trained on it, and figures from before cannot be held against those from after.",
	}
	r := redefinition{o: o, claim: &claim, since: since, known: known}
	ruled := false
	for i := range o.Columns {
		if r.ruled(labels, i) {
			ruled = true
		} else {
			r.threshold(labels, i)
		}
	}
	if !ruled { // it has looked at rivals
		for i := range o.Rivals {
			r.rival(labels, i)
		}
	}
	if len(claim.Spans) == 0 && o.Binary {
		r.turned(known)
	}
	if len(claim.Spans) == 0 && !o.Binary {
		r.rescaled(known)
	}
	if len(claim.Spans) == 0 {
		return nil
	}
	return []Claim{claim.overall()}
}

// redefinition gathers what the tests find.
type redefinition struct {
	o     *OutcomeHistory
	claim *Claim
	since Day
	known []OutcomeDay
}

// found keeps a run of label days, as a span of predictions.
func (r *redefinition) found(span Span, proven bool, evidence string, parameters map[string]any) bool {
	if !span.lasts(r.since) {
		return false
	}
	r.claim.adds(span, proven)
	r.claim.Evidence = append(r.claim.Evidence, evidence)
	for key, v := range parameters {
		r.claim.Parameters[key] = v
	}
	return true
}

// span is when the predictions were made whose outcomes became known in a run of label days.
func (r *redefinition) span(labels []LabelledDay, of run) Span {
	predicted := func(day Day) Span {
		i, ok := slices.BinarySearchFunc(r.known, day, func(d OutcomeDay, day Day) int { return int(d.Day) - int(day) })
		if !ok {
			return Span{From: day.Start()}
		}
		return knownSpan(r.known, run{i, len(r.known)})
	}
	span := Span{From: predicted(labels[of.first].Day).From}
	if of.end < len(labels) {
		span.To = predicted(labels[of.end].Day).From
	}
	return span
}

// relation is what thresholds tell the labels of some days: all above below.. are ones, turned: zeros.
type relation struct {
	turned   bool
	low      float64 // the largest number on the lower side
	high     float64 // the smallest on the upper side
	toldByIt bool
}

// relationOf is that of one day; toldByIt is false where no threshold tells its labels.
func relationOf(p *Parted) relation {
	switch {
	case p.Zeros == 0 || p.Ones == 0:
		return relation{}
	case p.MaxZero < p.MinOne:
		return relation{low: p.MaxZero, high: p.MinOne, toldByIt: true}
	case p.MaxOne < p.MinZero:
		return relation{turned: true, low: p.MaxOne, high: p.MinZero, toldByIt: true}
	}
	return relation{}
}

// join narrows a relation by another; false where no threshold serves both.
func (a relation) join(b relation) (relation, bool) {
	joined := relation{turned: a.turned, low: math.Max(a.low, b.low), high: math.Min(a.high, b.high), toldByIt: true}
	return joined, a.toldByIt && b.toldByIt && a.turned == b.turned && joined.low < joined.high
}

// text writes a relation as an expression.
func (a relation) text(column string) string {
	sign := ">"
	if a.turned {
		sign = "<="
	}
	return fmt.Sprintf("%s %s %.6g", column, sign, a.low)
}

// threshold is test (1) on one column.
func (r *redefinition) threshold(labels []LabelledDay, column int) {
	all := make([]relation, len(labels))
	for i := range labels {
		all[i] = relationOf(&labels[i].Columns[column])
	}
	old := map[int]relation{}
	found := runs(len(labels), fewPast, holdLabels, func(i int, past []int, going bool) bool {
		usual := all[past[0]]
		for _, p := range past[1:] {
			var ok bool
			if usual, ok = usual.join(all[p]); !ok {
				return false
			}
		}
		if !usual.toldByIt || !all[i].toldByIt || labels[i].Rows < fewRows {
			return false
		}
		old[i] = usual
		_, same := usual.join(all[i])
		return !same
	})
	for _, f := range found {
		now := all[f.first]
		held := true
		for _, x := range all[f.first+1 : f.end] {
			var ok bool
			now, ok = now.join(x)
			held = held && ok
		}
		if !held {
			continue
		}
		name := r.o.Columns[column]
		from, to := old[f.first].text(name), now.text(name)
		if r.found(r.span(labels, f), true, fmt.Sprintf("until %s every outcome was %s; since then every one is %s", onDay(labels[f.first].Day), from, to),
			map[string]any{"from": from, "to": to}) {
			r.claim.mends(Mend{Column: name, Turned: old[f.first].turned, Low: old[f.first].low})
		}
	}
}

// rival is test (2) on one declared definition.
func (r *redefinition) rival(labels []LabelledDay, i int) {
	differs := func(n int) int64 { return labels[n].Rivals[i].Differs }
	found := runs(len(labels), fewPast, 1, func(n int, past []int, going bool) bool {
		var rows, off int64
		days := 0
		for _, p := range past {
			rows += labels[p].Rivals[i].Rows
			off += differs(p)
			if differs(p) > 0 {
				days++
			}
		}
		return 4*days >= 3*len(past) && off > 0 && labels[n].Rivals[i].Rows >= fewRows && differs(n) == 0 &&
			float64(off)/float64(rows)*float64(labels[n].Rivals[i].Rows) >= 1
	})
	for _, f := range found {
		var rows, pastRows, pastOff int64
		for n := range labels[:f.first] {
			pastRows += labels[n].Rivals[i].Rows
			pastOff += differs(n)
		}
		for n := f.first; n < f.end; n++ {
			rows += labels[n].Rivals[i].Rows
		}
		expected := float64(pastOff) / float64(max(1, pastRows)) * float64(rows)
		if expected < fewDisagree {
			continue
		}
		name := r.o.Rivals[i]
		r.found(r.span(labels, f), true, fmt.Sprintf("until %s the outcome differed from definition %q on %s of the rows; since then on none of %d, where %.0f were to be expected",
			onDay(labels[f.first].Day), name, percent(shareOf(pastOff, pastRows)), rows, expected), map[string]any{"name": name})
	}
}

// turned is test (3).
func (r *redefinition) turned(days []OutcomeDay) {
	rate := func(i int) float64 { return shareOf(days[i].Positives, days[i].Rows) }
	found := runs(len(days), fewDays, holdFlipDays, func(i int, past []int, going bool) bool {
		low, high := 1.0, 0.0
		for _, p := range past {
			if days[p].Rows >= fewRows {
				low, high = math.Min(low, rate(p)), math.Max(high, rate(p))
			}
		}
		now := rate(i)
		apart := high <= 0.5-farFromHalf && now >= 0.5+farFromHalf || low >= 0.5+farFromHalf && now <= 0.5-farFromHalf
		return days[i].Rows >= fewRows && apart && 1-now >= low && 1-now <= high
	})
	for _, f := range found {
		r.found(knownSpan(days, f), false, fmt.Sprintf("the share of 1 is %s of the outcomes of %s, %s of those before: as if 0 and 1 changed places",
			percent(rate(f.first)), onDay(days[f.first].Day), percent(rate(f.first-1))), map[string]any{"name": "turned"})
	}
}

// rescaled is test (4).
func (r *redefinition) rescaled(days []OutcomeDay) {
	of := func(i int) Quantiles { return days[i].Value }
	walk := scaleRuns(len(days), func(i int) bool { return days[i].Rows >= manyRows }, of)
	found, made := walk.within(len(days))
	for i, f := range found {
		r.found(knownSpan(days, f), false, fmt.Sprintf("the median of %s is %.4g among the outcomes of %s, %.4g before: as if it went from %s",
			strings.TrimSpace(r.o.Value), of(f.first)[P50], onDay(days[f.first].Day), of(f.first - 1)[P50], made[i].Name), map[string]any{"unit": made[i].Name})
	}
}
