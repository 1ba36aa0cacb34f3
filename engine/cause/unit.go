package cause

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// source.changed, of the unit of single rows: where a number takes few different values, rows of another unit hold ones that it never
// took, and which a known unit makes of those that it did. That shows too where quartiles do not move: of a part of the rows or keys, and of
// numbers on both sides of zero. A day counts whose strange numbers that a unit explains are a hundredth of its rows, three times what any day
// before had, and nine in ten of all that came too many. The unit is that under which the rows are likeliest, by 10 nats, as a mixture
// of rows as they were and rows converted; converted numbers are spread as those before are whose images are strange.

// MostNumbers is how many different numbers a value may take for them to be counted one by one.
const MostNumbers = 4096

const (
	unitShare  = 0.01 // of a day's rows
	unitTimes  = 3.0
	unitSigmas = 8.0
	unitTells  = 0.9  // of the strange numbers that came too many
	unitMargin = 10.0 // nats
	unitSpread = 0.25 // largest distance of distribution functions, beside what chance makes it
	unitMissed = 0.05 // of what converting back moves, that may be moved wrongly
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

// converted is a conversion of numbers that were as base has them and came to be written in steps.
type converted struct {
	conversion
	base *tally
	step float64 // 0: as exactly as may be
}

// from is where the numbers lie that a converted one can come of.
func (u *converted) from(number float64) (first, end int) {
	miss := u.step/2 + 1e-7*math.Abs(number)
	a, b := (number-miss-u.Plus)/u.Factor, (number+miss-u.Plus)/u.Factor
	return u.base.places(math.Min(a, b), math.Max(a, b))
}

// rows counts the rows before whose number becomes this one.
func (u *converted) rows(number float64) int64 {
	first, end := u.from(number)
	return u.base.upTo[end] - u.base.upTo[first]
}

// odds is the natural logarithm of how much likelier a number is of a converted row; 0 of one that neither leads to expect. Half a row stands
// for none.
func (u *converted) odds(number float64) float64 {
	as, was := u.base.rowsOf(number), u.rows(number)
	if as == 0 && was == 0 {
		return 0
	}
	return math.Log(math.Max(float64(was), 0.5) / math.Max(float64(as), 0.5))
}

// was is the likeliest number before.
func (u *converted) was(number float64) float64 {
	first, end := u.from(number)
	best, most := (number-u.Plus)/u.Factor, int64(0)
	for i := first; i < end; i++ {
		if rows := u.base.upTo[i+1] - u.base.upTo[i]; rows > most {
			best, most = u.base.numbers[i], rows
		}
	}
	return best
}

// posterior is the probability that a row with a number of some odds is converted, where share of all are.
func posterior(odds, share float64) float64 {
	return 1 / (1 + (1-share)/share*math.Exp(-odds))
}

// settled is as far as a share goes towards none or all.
const settled = 1e-6

// share is the likeliest share of converted rows among some, by expectation and maximisation, and the logarithm of how much likelier they are
// under it than with none. Source: Dempster, Laird and Rubin 1977, of a mixture of two known distributions.
func (u *converted) share(counts []NumberCount) (share, gain float64) {
	odds := make([]float64, len(counts))
	rows := 0.0
	for i, c := range counts {
		odds[i] = u.odds(c.Number)
		rows += float64(c.Rows)
	}
	share = 0.5
	for range 100 {
		sum := 0.0
		for i, c := range counts {
			sum += float64(c.Rows) * posterior(odds[i], share)
		}
		next := math.Min(math.Max(sum/math.Max(rows, 1), settled), 1-settled)
		moved := math.Abs(next - share)
		if share = next; moved < settled {
			break
		}
	}
	for i, c := range counts {
		gain += float64(c.Rows) * math.Log(1-share+share*math.Exp(odds[i]))
	}
	return share, gain
}

// steps is the largest of 1, 0.1 to 0.000001 of which all numbers are multiples; 0 where that is none.
func steps(counts []NumberCount) float64 {
	for digits, scale := 0, 1.0; digits <= 6; digits, scale = digits+1, scale*10 {
		if !slices.ContainsFunc(counts, func(c NumberCount) bool { return math.Abs(c.Number*scale-math.Round(c.Number*scale)) > 1e-6 }) {
			return 1 / scale
		}
	}
	return 0
}

// strangeTo lists the numbers that a tally does not hold.
func strangeTo(base *tally, counts []NumberCount) (strange []NumberCount, rows int64) {
	for _, c := range counts {
		if base.rowsOf(c.Number) == 0 {
			strange, rows = append(strange, c), rows+c.Rows
		}
	}
	return strange, rows
}

// spread tells whether the converted numbers among strange ones are spread as those before are whose images are strange: by the largest
// distance of their distribution functions (Kolmogorov and Smirnov).
func (u *converted) spreadAlike(strange []NumberCount) bool {
	found := make([]float64, len(u.base.numbers))
	n, rows := 0.0, 0.0
	for _, c := range strange {
		first, end := u.from(c.Number)
		if of := u.base.upTo[end] - u.base.upTo[first]; of > 0 {
			n += float64(c.Rows)
			for i := first; i < end; i++ {
				found[i] += float64(c.Rows) * float64(u.base.upTo[i+1]-u.base.upTo[i]) / float64(of)
			}
		}
	}
	due := make([]float64, len(u.base.numbers))
	for i, number := range u.base.numbers {
		image := u.Factor*number + u.Plus
		if u.step > 0 {
			image = math.Round(image/u.step) * u.step
		}
		miss := u.step/2 + 1e-7*math.Abs(image)
		if first, end := u.base.places(image-miss, image+miss); first == end {
			due[i] = float64(u.base.upTo[i+1] - u.base.upTo[i])
			rows += due[i]
		}
	}
	if n == 0 || rows == 0 {
		return false
	}
	apart, sum := 0.0, 0.0
	for i := range found {
		sum += found[i]/n - due[i]/rows
		apart = math.Max(apart, math.Abs(sum))
	}
	return apart <= unitSpread+1.4/math.Sqrt(n)
}

// unitRuns finds the days on which rows of a value came in another unit.
func unitRuns(s *SourceHistory, v int) []run {
	if !slices.ContainsFunc(s.Days, func(d SourceDay) bool { return d.Values[v].Counts != nil }) {
		return nil
	}
	by := map[int]converted{}
	return runs(len(s.Days), fewDays, holdShare, func(i int, past []int, going bool) bool {
		counts := s.Days[i].Values[v].Counts
		if s.Days[i].Values[v].Numbers < manyRows {
			by[i] = by[i-1]
			return going // nothing is said of such a day: what went on goes on
		}
		base, own := pastNumbers(s, v, past)
		strange, rows := strangeTo(base, counts)
		if float64(rows) < unitShare*float64(s.Days[i].Values[v].Numbers)/2 {
			return false
		}
		if going {
			u := by[i-1]
			u.base, u.step = base, steps(strange)
			by[i] = u
			return u.breaks(strange, s.Days[i].Values[v].Numbers, own, true)
		}
		var ok bool
		by[i], ok = unitOf(base, own, strange, rows, counts)
		return ok
	})
}

// ownDay is the numbers of a past day that no other past day holds.
type ownDay struct {
	numbers []NumberCount
	rows    int64 // of the day
}

// pastNumbers counts the numbers of past days, all and those of single days alone.
func pastNumbers(s *SourceHistory, v int, past []int) (*tally, []ownDay) {
	days := make([][]NumberCount, len(past))
	for k, p := range past {
		days[k] = s.Days[p].Values[v].Counts
	}
	base := tallyOf(days...)
	own := make([]ownDay, len(past))
	for k, p := range past {
		own[k].rows = s.Days[p].Values[v].Numbers
		for _, c := range days[k] {
			if base.rowsOf(c.Number) == c.Rows {
				own[k].numbers = append(own[k].numbers, c)
			}
		}
	}
	return &base, own
}

// explained counts the rows whose number a unit makes of one before.
func (u *converted) explained(counts []NumberCount) (rows int64) {
	for _, c := range counts {
		if u.rows(c.Number) > 0 {
			rows += c.Rows
		}
	}
	return rows
}

// breaks tells whether the strange numbers that a unit explains are far more than on any day before.
func (u *converted) breaks(strange []NumberCount, rows int64, own []ownDay, going bool) bool {
	highest := 0.0
	for _, d := range own {
		highest = math.Max(highest, shareOf(u.explained(d.numbers), d.rows))
	}
	return above(u.explained(strange), rows, highest, going, unitShare, unitTimes, unitSigmas)
}

// unitOf finds the one unit that makes a day's strange numbers of those before.
func unitOf(base *tally, own []ownDay, strange []NumberCount, rows int64, counts []NumberCount) (converted, bool) {
	var usual []float64
	for _, d := range own {
		n := int64(0)
		for _, c := range d.numbers {
			n += c.Rows
		}
		usual = append(usual, shareOf(n, d.rows))
	}
	all := int64(0)
	for _, c := range counts {
		all += c.Rows
	}
	tooMany := float64(rows) - middle(usual)*float64(all)
	best, ok := likeliestUnit(base, strange, counts, unitTells*tooMany, func(u *converted) bool { return u.breaks(strange, all, own, false) })
	return best, ok && best.spreadAlike(strange)
}

// likeliestUnit is that under which numbers are the likeliest, of those that explain so many of the strange ones among them and pass a
// test; false where another is about as likely.
func likeliestUnit(base *tally, strange, counts []NumberCount, least float64, passes func(*converted) bool) (best converted, ok bool) {
	most, next := 0.0, 0.0
	step := steps(strange)
	for _, c := range conversions {
		u := converted{conversion: c, base: base, step: step}
		if ok && u.Factor == best.Factor && u.Plus == best.Plus {
			continue // the first of those with the same numbers names it
		}
		if float64(u.explained(strange)) < least || !passes(&u) {
			continue
		}
		switch _, gain := u.share(counts); {
		case gain > most:
			best, most, next, ok = u, gain, most, true
		case gain > next:
			next = gain
		}
	}
	return best, ok && most-next >= unitMargin
}

// unitChanges looks for rows of a value that came in another unit.
func (w *Walked) unitChanges(days []SourceDay, v int) []change {
	var changes []change
	for _, r := range cut(w.breaks.units[v], len(days), holdShare) {
		if c, ok := w.unitChange(days, r, v); ok {
			changes = append(changes, c)
		}
	}
	return changes
}

func (w *Walked) unitChange(days []SourceDay, r run, v int) (change, bool) {
	var past []int
	for i := max(0, r.first-1-pastDays); i < r.first-1; i++ {
		past = append(past, i)
	}
	base, _ := pastNumbers(w.SourceHistory, v, past)
	var now [][]NumberCount
	for i := toldFrom(r); i < min(r.end, r.first+toldDays); i++ {
		now = append(now, days[i].Values[v].Counts)
	}
	all := tallyOf(now...)
	counts := all.counts()
	strange, rows := strangeTo(base, counts)
	u, ok := likeliestUnit(base, strange, counts, float64(rows)/2, func(*converted) bool { return true })
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
	of := strings.Join(w.Values[v].Features, ", ")
	odd := mostRows(strange)
	c := changeOf("scale", v, w.SourceHistory, days, r, lean, fmt.Sprintf("%s of the rows of %s hold numbers for %s that are as if they went from %s, such as %.6g, which was never seen in the days before and is what becomes of %.6g",
		percent(share), w.Name, of, u.Name, odd.Number, u.was(odd.Number)))
	c.byRow = true
	c.parameters = map[string]any{"scale": rounded(u.Factor), "offset": rounded(u.Plus), "share": math.Round(100*share) / 100}
	wrong := u.mistakes(share, counts)
	for i := range w.keys {
		column := &w.keys[i]
		keys := column.unitKeys(&u, days[toldFrom(r)].Day, days[min(r.end, r.first+toldDays)-1].Day, v)
		if wrong = wrong.least(keys, all.all()); c.parameters["keys"] == nil {
			if names := column.named(keys); names != nil {
				c.name(names)
			}
		}
	}
	if wrong.missed > unitMissed*wrong.moved {
		return c, true
	}
	seen := make([][]NumberCount, 0, r.end-r.first+1)
	for i := r.first - 1; i < min(r.end, len(days)); i++ {
		seen = append(seen, days[i].Values[v].Counts)
	}
	every := tallyOf(seen...)
	c.unit = u.mend(w.Values[v].Features, c.span, share, every.counts())
	return c, true
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
		by := float64(c.Rows) * math.Abs(u.was(c.Number)-c.Number)
		m.moved, m.missed = m.moved+p*by, m.missed+math.Min(p, 1-p)*by
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
		m.Numbers = append(m.Numbers, UnitNumber{c.Number, u.was(c.Number), u.odds(c.Number)})
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

// unitKeys is what the keys of a column are like of which enough rows tell, on the days of a run.
func (c *walkedColumn) unitKeys(u *converted, first, last Day, v int) (all []unitKey) {
	for _, k := range c.keys {
		var now [][]NumberCount
		for i := range k.Days {
			if d := &k.Days[i]; d.Day >= first && d.Day <= last {
				now = append(now, d.Values[v].Counts)
			}
		}
		t := tallyOf(now...)
		counts, tells := t.counts(), int64(0)
		for _, n := range counts {
			if math.Abs(u.odds(n.Number)) >= tellsOdds {
				tells += n.Rows
			}
		}
		if tells >= manyOfKey {
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
	for v := range s.Values {
		if len(unitRuns(s, v)) > 0 {
			return true
		}
	}
	return false
}
