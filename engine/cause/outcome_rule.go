package cause

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"
)

// outcome.redefined, the test for a part of the rows: a number in the outcome rows told nearly every outcome of 28 days, and
// since then some rows contradict it, ten in all and far more a day than ever, for two days. It is proven when a rival definition says
// what they say, or when they say what one other threshold, or the other direction, makes them say, where rows that were wrong
// by chance would not.

const (
	mostErrors  = 0.002 // of the past rows, against the rule
	byChance    = 1e-9
	mostMixed   = 0.5  // of the rarer outcome, against the best threshold of a day: more is no rule
	nearlyEvery = 0.95 // row that parts with the rule agrees with a rival
)

// rule is "the outcome is 1 if a number is above low", or, turned, if it is not. All past numbers are at most low, or at least high.
type rule struct {
	turned    bool
	low, high float64
	errors    int64
	rows      int64
}

// against tells a bin of rows that the rule calls otherwise.
func (r *rule) against(b *Bin) bool {
	if b.One != r.turned {
		return b.High <= r.low
	}
	return b.Low >= r.high
}

// mirrors tells whether another rule is this one with the number's sign turned, as far as there are numbers to tell it by.
func (r *rule) mirrors(o *rule) bool {
	return -o.low >= r.low && -o.low <= r.high+3*(r.high-r.low)+math.Abs(r.low)/10
}

// learnt is the best rule of bins.
func learnt(bins []Bin) (rule, bool) {
	var best rule
	found := false
	for _, turned := range []bool{false, true} {
		if r, ok := learntAs(bins, turned); ok && (!found || r.errors < best.errors) {
			best, found = r, true
		}
	}
	return best, found
}

// learntAs is the best rule in one direction; false where there are no rows on one side of every threshold.
func learntAs(bins []Bin, turned bool) (rule, bool) {
	type entry struct {
		at, low, high float64
		upper         bool
		rows          int64
	}
	entries := make([]entry, len(bins))
	best := rule{turned: turned}
	var errors int64 // of the threshold below all
	for i, b := range bins {
		e := entry{low: b.Low, high: b.High, upper: b.One != turned, rows: b.Rows}
		if e.at = e.high; e.upper {
			e.at = e.low
		} else {
			errors += b.Rows
		}
		best.rows += b.Rows
		entries[i] = e
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.low, b.low)) })
	best.errors = math.MaxInt64
	for i, e := range entries {
		if e.upper {
			errors += e.rows
		} else {
			errors -= e.rows
		}
		if i+1 < len(entries) && entries[i+1].at > e.at && errors < best.errors {
			best.errors, best.low, best.high = errors, e.at, entries[i+1].at
		}
	}
	return best, best.errors < math.MaxInt64
}

// TellsLabels tells whether some threshold on a number tells the outcomes in its bins better than their frequency does.
func TellsLabels(bins []Bin) bool {
	var ones, zeros int64
	for _, b := range bins {
		if b.One {
			ones += b.Rows
		} else {
			zeros += b.Rows
		}
	}
	r, ok := learnt(bins)
	return ok && float64(r.errors) <= mostMixed*float64(min(ones, zeros))
}

// KeepTelling leaves, of days in order, the bins of the numbers that tell their outcomes, or that did on one of the days before them that
// a rule is learnt from: it is how a rule breaks for many rows.
func KeepTelling(labels []LabelledDay) {
	told := map[int]Day{} // the last day on which a column told the outcomes
	for i := range labels {
		d := &labels[i]
		for column, bins := range d.Bins {
			last, ever := told[column]
			switch {
			case TellsLabels(bins):
				told[column] = d.Day
			case !ever || d.Day-last > pastDays:
				d.Bins[column] = nil
			}
		}
	}
}

// departure is what of some days is against a rule.
type departure struct {
	rule   rule
	lower  []Bin // on the lower side, though called as on the upper
	upper  []Bin // the reverse
	sound  []Bin // the others
	rows   int64 // in lower and upper
	agrees []int64
}

func (r *rule) departs(days []LabelledDay, column, rivals int) departure {
	d := departure{rule: *r, agrees: make([]int64, rivals)}
	for i := range days {
		for _, b := range days[i].binsOf(column) {
			if !r.against(&b) {
				d.sound = append(d.sound, b)
				continue
			}
			d.rows += b.Rows
			for n, agrees := range b.Agrees {
				d.agrees[n] += agrees
			}
			if b.One != r.turned {
				d.lower = append(d.lower, b)
			} else {
				d.upper = append(d.upper, b)
			}
		}
	}
	return d
}

func (d *LabelledDay) binsOf(column int) []Bin {
	if column >= len(d.Bins) {
		return nil
	}
	return d.Bins[column]
}

// ruling is what the days before a label day teach, and whether it parts with them. Every boundary asks the same of the days before
// it, so that it is kept.
type ruling struct {
	usual     rule
	holds     bool  // the days before keep to it
	most, now int64 // rows against it: on one of those days at most, and on this one
	rows      int64 // of this day
}

// broken tells whether a day parts with the rule: by ten rows, and several times as many as any day before; or by three and more than
// chance brings, errors being as frequent as they were. A run goes on with any, where there were none before.
func (r *ruling) broken(going bool) bool {
	if !r.holds || float64(r.now) < backAbove*float64(r.most) {
		return false
	}
	if r.now >= fewDisagree || going && r.most == 0 && r.now > 0 {
		return true
	}
	expected := float64(r.usual.errors+1) / float64(r.usual.rows) * float64(r.rows)
	return r.now >= 3 && poissonTail(r.now, expected) <= rareDay
}

// rareDay is how seldom chance may bring the rows against a rule that a day with few of them has.
const rareDay = 1e-4

// poissonTail is how likely n or more are where so many are expected.
func poissonTail(n int64, expected float64) float64 {
	rest, term := 1.0, math.Exp(-expected)
	for k := range n {
		rest -= term
		term *= expected / float64(k+1)
	}
	return max(rest, 0)
}

// ruled is the test on one column; it tells whether it found something.
func (r *redefinition) ruled(labels []LabelledDay, column int) bool {
	rules := map[int]rule{}
	if r.o.rulings == nil {
		r.o.rulings = map[string]ruling{}
	}
	against := func(of *rule, i int) int64 {
		d := of.departs(labels[i:i+1], column, len(r.o.Rivals))
		return d.rows
	}
	ruled := func(i int, past []int) ruling {
		var all []Bin
		for _, p := range past {
			if labels[p].Rows >= fewRows && len(labels[p].binsOf(column)) == 0 {
				return ruling{} // no rule then
			}
			all = append(all, labels[p].binsOf(column)...)
		}
		usual, ok := learnt(all)
		if !ok || float64(usual.errors) > mostErrors*float64(usual.rows) {
			return ruling{}
		}
		most := int64(0)
		for _, p := range past {
			most = max(most, against(&usual, p))
		}
		return ruling{usual, true, most, against(&usual, i), labels[i].Rows}
	}
	runsOf := runs(len(labels), fewPast, holdLabels, func(i int, past []int, going bool) bool {
		key := fmt.Sprint(column, i, past)
		said, ok := r.o.rulings[key]
		if !ok {
			said = ruled(i, past)
			r.o.rulings[key] = said
		}
		rules[i] = said.usual
		return said.broken(going)
	})
	any := false
	for _, f := range runsOf {
		any = r.parted(labels, column, f, rules[f.first]) || any
	}
	return any
}

const backAbove = 4 // times the most rows of a past day against the rule

// parted keeps one run of days with rows against a rule.
func (r *redefinition) parted(labels []LabelledDay, column int, f run, usual rule) bool {
	d := usual.departs(labels[f.first:f.end], column, len(r.o.Rivals))
	if d.rows < fewDisagree {
		return false
	}
	name := r.o.Columns[column]
	parameters := map[string]any{"column": name, "from": usual.text(name)}
	proven := false
	now, ok := d.explained()
	if ok {
		proven = true
		parameters["to"] = now.text(name)
		switch {
		case now.turned == usual.turned:
			parameters["was"], parameters["threshold"] = usual.low, now.low
		case usual.mirrors(&now):
			parameters["sign"] = -1.0
		}
	}
	line := fmt.Sprintf("until %s %d of %d outcomes were %s; since then %d of %d are not", onDay(labels[f.first].Day), usual.rows-usual.errors, usual.rows, usual.text(name), d.rows, d.all())
	for n, rival := range r.o.Rivals {
		if float64(d.agrees[n]) >= nearlyEvery*float64(d.rows) && d.rows >= fewRows && r.disagreed(labels[max(0, f.first-pastDays):f.first], n) && !(ok && d.refutes(&now, n)) {
			proven = true
			parameters["name"] = rival
			if of, ok := learnt(d.byRival(n)); ok && of.errors == 0 && of.turned == usual.turned {
				// What was picked may not reach as far as the rival does.
				parameters["was"], parameters["threshold"], parameters["to"] = usual.low, of.low, of.text(name)
			}
			line += fmt.Sprintf(", but %d of these are as definition %q says", d.agrees[n], rival)
			break
		}
	}
	at := d.since(&usual, labels[max(0, f.first-1):f.first+1], column)
	if !r.found(r.span(labels, f), proven, line, parameters) {
		return false
	}
	if proven {
		r.claim.mends(Mend{Column: name, Turned: usual.turned, Low: usual.low})
	}
	if !at.IsZero() {
		r.claim.Events = append(r.claim.Events, at)
	}
	return true
}

// byRival gives all rows with the outcome that a rival says they have.
func (d *departure) byRival(rival int) []Bin {
	var all []Bin
	for _, bins := range [][]Bin{d.sound, d.lower, d.upper} {
		for _, b := range bins {
			as, not := b, b
			as.Rows, not.Rows, not.One = b.Agrees[rival], b.Rows-b.Agrees[rival], !b.One
			for _, one := range []Bin{as, not} {
				if one.Rows > 0 {
					all = append(all, one)
				}
			}
		}
	}
	return all
}

// disagreed tells whether a rival differed from the outcomes of past days on some rows, but not on most: agreeing with it where
// the rule is left is no chance then.
func (r *redefinition) disagreed(past []LabelledDay, rival int) bool {
	var rows, differs int64
	for i := range past {
		rows += past[i].Rivals[rival].Rows
		differs += past[i].Rivals[rival].Differs
	}
	return differs > 0 && 2*differs <= rows
}

// refutes tells whether those against the old rule keep to a threshold closer than rows would that a rival picked.
func (d *departure) refutes(now *rule, rival int) bool {
	if now.turned != d.rule.turned {
		return false
	}
	against, as := d.upper, func(b *Bin) bool { return b.High <= now.low }
	if len(d.lower) > 0 {
		against, as = d.lower, func(b *Bin) bool { return b.Low >= now.high }
	}
	var picked []Bin
	for _, b := range d.side(len(d.lower) == 0) {
		if b.Rows -= b.Agrees[rival]; b.Rows > 0 {
			picked = append(picked, b)
		}
	}
	return chance(picked, against, as) <= rivalByChance
}

// rivalByChance is how likely the rows of a rival must be to stay within another threshold, for it to be named.
const rivalByChance = 1e-3

func (d *departure) all() int64 {
	rows := d.rows
	for _, b := range d.sound {
		rows += b.Rows
	}
	return rows
}

// explained is the rule that those against the old one keep to: another threshold, or the other direction. It must be one that rows which
// were picked by chance among all of their side would not keep to.
func (d *departure) explained() (rule, bool) {
	now := d.rule
	if float64(d.rows) >= nearlyEvery*float64(d.all()) {
		now.turned = !now.turned // 0 and 1 changed places
		return now, true
	}
	lower, upper := rangeOf(d.lower), rangeOf(d.upper)
	soundLower, soundUpper := d.side(false), d.side(true)
	switch {
	case len(d.upper) > 0 && len(d.lower) == 0: // the threshold went up
		now.low, now.high = upper[1], math.Inf(1)
		return now, chance(soundUpper, d.upper, func(b *Bin) bool { return b.High <= now.low }) <= byChance
	case len(d.lower) > 0 && len(d.upper) == 0: // it went down
		now.low, now.high = math.Inf(-1), lower[0]
		for _, b := range soundLower {
			if b.High < lower[0] {
				now.low = math.Max(now.low, b.High)
			}
		}
		return now, chance(soundLower, d.lower, func(b *Bin) bool { return b.Low >= lower[0] }) <= byChance
	}
	// It turned: what is called as on the upper side is at the lower end, and all that is above may be called as on the lower one.
	now.turned, now.low = !now.turned, lower[1]
	return now, chance(soundLower, d.lower, func(b *Bin) bool { return b.High <= now.low }) <= byChance
}

// side is the sound rows on the upper or the lower side.
func (d *departure) side(upper bool) []Bin {
	var bins []Bin
	for _, b := range d.sound {
		if (b.One != d.rule.turned) == upper {
			bins = append(bins, b)
		}
	}
	return bins
}

// chance is how likely rows drawn from their whole side would all be as those against the rule are, of which `as` holds.
func chance(sound, against []Bin, as func(*Bin) bool) float64 {
	var in, all, drawn float64
	for _, bins := range [][]Bin{sound, against} {
		for i := range bins {
			all += float64(bins[i].Rows)
			if as(&bins[i]) {
				in += float64(bins[i].Rows)
			}
		}
	}
	for i := range against {
		drawn += float64(against[i].Rows)
	}
	return math.Pow(in/all, drawn)
}

func rangeOf(bins []Bin) [2]float64 {
	r := [2]float64{math.Inf(1), math.Inf(-1)}
	for _, b := range bins {
		r[0], r[1] = math.Min(r[0], b.Low), math.Max(r[1], b.High)
	}
	return r
}

// since is when the first events happened whose rows are against a rule; of a rule that rows were against before too, but for one in
// twenty: the rows that a new load brought late.
func (d *departure) since(of *rule, days []LabelledDay, column int) time.Time {
	var against []Bin
	var rows int64
	for i := range days {
		for _, b := range days[i].binsOf(column) {
			if of.against(&b) && !b.EventFirst.IsZero() {
				against = append(against, b)
				rows += b.Rows
			}
		}
	}
	slices.SortFunc(against, func(a, b Bin) int { return a.EventFirst.Compare(b.EventFirst) })
	var sum int64
	for _, b := range against {
		if sum += b.Rows; 20*sum > rows || of.errors == 0 {
			return b.EventFirst
		}
	}
	return time.Time{}
}

// text writes a rule as an expression.
func (r *rule) text(column string) string {
	return relation{turned: r.turned, low: r.low}.text(column)
}
