package cause

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Unit puts the numbers of a source back that came in another unit.
type Unit struct {
	Features []string // that take the value
	Span     Span     // when the rows became known
	Share    float64  // of the rows
	Numbers  []UnitNumber
}

// UnitNumber is what a number of that time was before.
type UnitNumber struct {
	Number float64
	Was    float64
	Odds   float64 // natural logarithm of how much likelier it is of a converted row than of another
}

// unitRun is a run of days on which rows came in another unit, and the days before that it was told by.
type unitRun struct {
	run
	past []int
	by   conversion
}

// findUnits finds the days on which rows of a value came in another unit.
func findUnits(s *SourceHistory, v int) []unitRun {
	if s.OfKey || !slices.ContainsFunc(s.Days, func(d SourceDay) bool { return d.Values[v].Counts != nil }) {
		return nil
	}
	past := moving{of: s, v: v, rows: map[float64]int64{}}
	by := map[int]unitRun{}
	found := runs(len(s.Days), fewDays, holdShare, func(i int, near []int, going bool) bool {
		d := &s.Days[i].Values[v]
		if d.Counts == nil || d.Numbers < manyRows {
			by[i] = by[i-1]
			return going // nothing is said of such a day: what went on goes on
		}
		past.to(near)
		strange, rows := past.strange(d.Counts)
		if len(past.rows) > mostPast || float64(rows) < unitShare/2*float64(d.Numbers) {
			return false
		}
		base := tallied(past.rows)
		u, ok := unitOf(&base, past.own(), strange, d.Counts, going)
		if !ok || going && !u.same(by[i-1].by) {
			return false
		}
		if by[i] = (unitRun{past: slices.Clone(near), by: u.conversion}); going {
			by[i] = by[i-1]
		}
		return true
	})
	all := make([]unitRun, len(found))
	for k, r := range found {
		all[k] = by[r.first]
		all[k].run = r
	}
	return all
}

// mostPast is how many different numbers the days before may hold.
const mostPast = 4 * MostNumbers

// same tells conversions that give the same numbers.
func (c conversion) same(o conversion) bool { return c.Factor == o.Factor && c.Plus == o.Plus }

// unitChanges looks for rows of a value that came in another unit.
func (w *Walked) unitChanges(days []SourceDay, v int) []change {
	var changes []change
	for _, r := range w.breaks.units[v] {
		if r.end = min(r.end, len(days)); r.end-r.first < holdShare {
			continue
		}
		if c, ok := w.unitChange(days, r, v); ok {
			changes = append(changes, c)
		}
	}
	return changes
}

func (w *Walked) unitChange(days []SourceDay, r unitRun, v int) (change, bool) {
	past := moving{of: w.SourceHistory, v: v, rows: map[float64]int64{}}
	past.to(r.past)
	base := tallied(past.rows)
	told := days[toldFrom(r.run):min(r.end, r.first+toldDays)]
	all := numbersOn(told, v)
	counts := all.counts()
	strange, _ := past.strange(counts)
	u, ok := unitOf(&base, past.own(), strange, counts, false)
	if !ok {
		return change{}, false
	}
	share, _ := u.share(counts)
	lean := func(h *SourceHour) float64 {
		sum := 0.0
		for _, c := range h.Values[v].Counts {
			sum += float64(c.Rows) * math.Log(1-share+share*math.Exp(u.odds(c.Number)))
		}
		return sum
	}
	explained, _ := u.explained(strange)
	odd := mostRows(explained)
	before, _ := u.was(odd.Number)
	c := changeOf("scale", v, w.SourceHistory, days, r.run, lean, fmt.Sprintf("%s of the rows of %s hold numbers for %s that are as if they went from %s, such as %.6g, which was never seen in the days before and is what becomes of %.6g",
		percent(share), w.Name, strings.Join(w.Values[v].Features, ", "), u.Name, odd.Number, before))
	c.byRow = true
	c.parameters = map[string]any{"scale": rounded(u.Factor), "offset": rounded(u.Plus), "share": math.Round(100*share) / 100}
	wrong := u.mistakes(share, counts)
	for i := range w.keys {
		keys := w.keys[i].unitKeys(&u, told[0].Day, told[len(told)-1].Day, days[r.past[0]].Day, days[r.past[len(r.past)-1]].Day, v)
		if wrong = wrong.least(keys, all.all()); c.parameters["keys"] == nil {
			if names := w.keys[i].named(keys); names != nil {
				c.name(names)
			}
		}
	}
	if u.round() && share < unitWhole && c.parameters["keys"] == nil {
		return change{}, false
	}
	if wrong.missed <= unitMissed*wrong.moved {
		every := numbersOn(days[r.first-1:min(r.end, len(days))], v)
		c.unit = u.mend(w.Values[v].Features, c.span, share, every.counts())
	}
	return c, true
}

// numbersOn counts the numbers of a value on some days.
func numbersOn(days []SourceDay, v int) tally {
	counts := make([][]NumberCount, len(days))
	for i := range days {
		counts[i] = days[i].Values[v].Counts
	}
	return tallyOf(counts...)
}

// round tells conversions by a power of ten or to the contrary sign.
func (c conversion) round() bool {
	power := math.Log10(math.Abs(c.Factor))
	return c.Plus == 0 && math.Abs(power-math.Round(power)) < 1e-9
}

// toldFrom is the first day of a run that tells what it is like: it may have begun in the course of its first.
func toldFrom(r run) int {
	if r.end-r.first > holdShare {
		return r.first + 1
	}
	return r.first
}

// mostRows is the number that most rows hold.
func mostRows(counts []NumberCount) (most NumberCount) {
	for _, c := range counts {
		if c.Rows > most.Rows {
			most = c
		}
	}
	return most
}

// mistakes is by how much, in all, converting numbers back moves them, and how much of that is expected to be wrong.
type mistakes struct{ moved, missed float64 }

func (u *converted) mistakes(share float64, counts []NumberCount) (m mistakes) {
	for _, c := range counts {
		p := posterior(u.odds(c.Number), share)
		was, off := u.was(c.Number)
		by := float64(c.Rows) * math.Abs(was-c.Number)
		m.moved, m.missed = m.moved+p*by, m.missed+math.Min(p, 1-p)*by+p*float64(c.Rows)*off
	}
	return m
}

// least is the mistakes where each key's own share is known, if that makes fewer; those of the rows without a known key are as all are.
func (m mistakes) least(keys []unitKey, rows int64) mistakes {
	var by mistakes
	known := int64(0)
	for _, k := range keys {
		by.moved, by.missed, known = by.moved+k.mistakes.moved, by.missed+k.mistakes.missed, known+k.rows
	}
	rest := math.Max(0, 1-shareOf(known, rows))
	by.moved, by.missed = by.moved+rest*m.moved, by.missed+rest*m.missed
	if by.missed*m.moved < m.missed*by.moved {
		return by
	}
	return m
}

// mend says how the numbers are put back.
func (u *converted) mend(features []string, span Span, share float64, counts []NumberCount) *Unit {
	m := Unit{Features: features, Span: span, Share: share}
	for _, c := range counts {
		was, _ := u.was(c.Number)
		m.Numbers = append(m.Numbers, UnitNumber{c.Number, was, u.odds(c.Number)})
	}
	return &m
}

const (
	allOfKey  = 0.9 // of a key's rows, from which it counts as converted, and 1 - that up to which not
	tellsOdds = 2.0 // of a number that tells, either way
)

// unitKey is what the rows of a key are like.
type unitKey struct {
	key      string
	share    float64
	rows     int64
	mistakes mistakes
}

// unitKeys is what the keys of a column are like of which enough rows tell, on some days, both included. A key that had no row on the days
// before tells nothing.
func (c *walkedColumn) unitKeys(u *converted, first, last, pastFirst, pastLast Day, v int) (all []unitKey) {
	for _, k := range c.keys {
		var now [][]NumberCount
		before := int64(0)
		for i := range k.Days {
			d := &k.Days[i]
			if d.Day >= first && d.Day <= last {
				now = append(now, d.Values[v].Counts)
			}
			if d.Day >= pastFirst && d.Day <= pastLast {
				before += d.Values[v].Numbers
			}
		}
		t := tallyOf(now...)
		counts, tells := t.counts(), int64(0)
		for _, n := range counts {
			if math.Abs(u.odds(n.Number)) >= tellsOdds {
				tells += n.Rows
			}
		}
		if tells >= manyOfKey && before >= manyOfKey {
			share, _ := u.share(counts)
			all = append(all, unitKey{k.key, share, t.all(), u.mistakes(share, counts)})
		}
	}
	return all
}

// named gives the keys of a column whose rows were converted, where each key's are or are not; nil elsewhere.
func (c *walkedColumn) named(keys []unitKey) map[string]any {
	var names []string
	for _, k := range keys {
		switch {
		case k.share >= allOfKey:
			names = append(names, k.key)
		case k.share > 1-allOfKey:
			return nil
		}
	}
	if len(names) == 0 || len(names) == len(keys) {
		return nil
	}
	return map[string]any{"key": c.column, "keys": names, "key_share": math.Round(1000*float64(len(names))/float64(len(keys))) / 1000}
}

// Converted tells whether rows of another unit came at any time: then their hours and keys are worth counting.
func (s *SourceHistory) Converted() bool {
	return slices.ContainsFunc(s.unitRuns(), func(runs []unitRun) bool { return len(runs) > 0 })
}

// unitRuns finds the runs of each value, once: days must not change afterwards.
func (s *SourceHistory) unitRuns() [][]unitRun {
	if s.units == nil {
		s.units = make([][]unitRun, len(s.Values))
		for v := range s.Values {
			s.units[v] = findUnits(s, v)
		}
	}
	return s.units
}
