package cause

import (
	"math"
	"slices"
	"strconv"
)

// null.handling: null became 0, -1, a mean or the last value, or a value that stands for null became null.

func nullHypotheses(f *Feature) []Hypothesis {
	if !f.asOf() {
		return nil
	}
	h := f.plain(NullHandling, "previous value", 7)
	h.Reading.Within, h.Reading.Skips = 0, true
	h.Making.Made = Previous
	h.Parameters = map[string]any{"became": "previous value"}
	return []Hypothesis{h}
}

// NullFrom finds the constants that stand in a day's differing rows where the declaration gives null, or everywhere; and the
// value that was served as if it were null.
func NullFrom(f *Feature, pairs []Pair) []Hypothesis {
	var all []Hypothesis
	if c, ok := f.commonServed(pairs, func(p *Pair) bool { return p.Empty }); ok {
		h := f.constant(Filled, "null became ", c, filledRank(c))
		if f.ByVersion && slices.ContainsFunc(pairs, func(p Pair) bool { return p.Empty && p.Declared == nil && p.DeclaredText == nil }) {
			h.Doubt = "the loop file gives no default for the model version of some of these rows: declare what stands for null there"
		}
		all = append(all, h)
	}
	if c, ok := f.commonServed(pairs, func(p *Pair) bool { return !p.Empty && !p.null(f) }); ok {
		h := f.constant(Constant, "all became ", c, constantRank(c))
		h.Cause = ColumnDropped
		h.Parameters = map[string]any{"column": f.column(), "became": h.Parameters["became"]}
		all = append(all, h)
	}
	return append(all, emptied(f, pairs)...)
}

// usual are the constants that stand for no value at all.
var usual = []string{"", "0", "-1", "-99", "-999", "-9999", "999", "9999", "N/A", "NA", "NaN", "None", "none", "null", "NULL", "other", "unknown", "Unknown", "UNKNOWN"}

// constantRank ranks a constant before old values where it is a usual one, and else after: a store that froze serves each key
// one value, and of one key every value looks like a constant that was put in its place.
func constantRank(c string) int {
	if slices.Contains(usual, c) {
		return 11
	}
	return 22
}

// filledRank ranks a constant in place of null before old values where it is a usual one, and else after: a single value that was never
// fitted to what was served is simpler than one that was, where both give the same on every row.
func filledRank(c string) int {
	if slices.Contains(usual, c) {
		return 3
	}
	return 8
}

// null tells a row that was served null.
func (p *Pair) null(f *Feature) bool {
	if f.Text {
		return p.ServedText == nil
	}
	return p.Served == nil
}

// commonServed is the value that most of some rows were served: at least half of them, and leastFit.
func (f *Feature) commonServed(pairs []Pair, of func(*Pair) bool) (string, bool) {
	votes := map[string]int{}
	n := 0
	for i := range pairs {
		p := &pairs[i]
		if !of(p) {
			continue
		}
		switch {
		case f.Text && p.ServedText != nil:
			votes[*p.ServedText]++
		case f.Number && p.Served != nil && !math.IsInf(*p.Served, 0):
			votes[number(*p.Served)]++
		default:
			continue
		}
		n++
	}
	best, most := "", 0
	for _, v := range sortedKeys(votes) {
		if votes[v] > most {
			best, most = v, votes[v]
		}
	}
	return best, most >= leastFit && 2*most >= n
}

func (f *Feature) constant(made Made, words, c string, rank int) Hypothesis {
	h := f.plain(NullHandling, words+c, rank)
	h.Making = Making{Made: made, Text: c}
	var became any = c
	if f.Number {
		v, err := strconv.ParseFloat(c, 64)
		if err != nil {
			v = math.NaN()
		}
		h.Making.Constant, h.Making.Text = v, ""
		became = v
	}
	h.Parameters = map[string]any{"became": became}
	return h
}

// emptied finds the one value, among those that were served as null, that always was: a code that stands for null.
func emptied(f *Feature, pairs []Pair) []Hypothesis {
	votes := map[string]int{}
	n := 0
	for i := range pairs {
		p := &pairs[i]
		if !p.null(f) || p.Empty {
			continue
		}
		switch {
		case f.Text && p.DeclaredText != nil:
			votes[*p.DeclaredText]++
		case f.Number && p.Declared != nil && !math.IsInf(*p.Declared, 0):
			votes[number(*p.Declared)]++
		default:
			continue
		}
		n++
	}
	for _, v := range sortedKeys(votes) {
		if votes[v] >= leastFit && 10*votes[v] >= 9*n {
			return []Hypothesis{f.constant(Emptied, "null for ", v, 3)}
		}
	}
	return nil
}
