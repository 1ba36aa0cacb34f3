package cause

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
)

// definition.diverged: a filter that keeps a window's rows on one side of a limit. Which limit, the rows tell: of each window that
// was served, the limits between two neighbouring values of the column that would have left just the rows that make it.

// Side is what one served window says of the limit on a column: it lies between Low and High, which are values of rows of which
// one counts and the other does not.
type Side struct {
	Column    int    // of the source's values
	Above     bool   // the rows above the limit count, else those below it
	Kind      string // of a delay: after or deadline
	Low, High float64
}

// Limit is a condition that holds a column against a number.
type Limit struct {
	Column int
	Sign   string // >, >=, < or <=
	At     float64
	Rows   int // sampled windows that agree with it
}

const (
	// mostLimits is how many limits of a day are tried.
	mostLimits = 2
	// agreeingWindows is the share of the windows asked that a limit must account for, to be tried.
	agreeingWindows = 0.2
)

// Limits finds the limits that the most of the windows asked agree with, one of each column and side at most: the roundest numbers
// in there.
func Limits(sides []Side, asked int64) []Limit {
	type of struct {
		column int
		above  bool
	}
	by := map[of][]Side{}
	for _, s := range sides {
		if s.Low < s.High {
			by[of{s.Column, s.Above}] = append(by[of{s.Column, s.Above}], s)
		}
	}
	var all []Limit
	for what, group := range by {
		low, high, rows := mostAgreed(boundsOf(group))
		if !enough(rows, asked) {
			continue
		}
		at, atHigh := roundestBetween(low, high)
		sign := map[bool]string{true: ">", false: "<="}[what.above]
		if atHigh {
			sign = map[bool]string{true: ">=", false: "<"}[what.above]
		}
		all = append(all, Limit{what.column, sign, at, rows})
	}
	slices.SortFunc(all, func(a, b Limit) int {
		return cmp.Or(-cmp.Compare(a.Rows, b.Rows), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Sign, b.Sign))
	})
	return all[:min(len(all), mostLimits)]
}

// enough tells whether what so many of the windows asked agree with is to be tried.
func enough(rows int, asked int64) bool {
	return rows >= leastFit && float64(rows) >= agreeingWindows*float64(asked)
}

// mostAgreed is the first stretch that lies in the most of the sides whose bounds these are, and in how many.
func mostAgreed(edges []bound) (low, high float64, rows int) {
	n := 0
	for i, e := range edges {
		if n += e.by; n > rows {
			low, high, rows = e.at, edges[i+1].at, n
		}
	}
	return low, high, rows
}

// bound is where a side begins (by 1) or ends (by -1).
type bound struct {
	at float64
	by int
}

func boundsOf(sides []Side) []bound {
	var edges []bound
	for _, s := range sides {
		edges = append(edges, bound{s.Low, 1}, bound{s.High, -1})
	}
	slices.SortFunc(edges, func(a, b bound) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.by, b.by)) })
	return edges
}

// nearlyAgreed is mostAgreed with what lies around it as long as no more than one side falls away: one window agrees by chance with a short
// piece of what all others agree with, and a rounder number lies beside it. It is false where few of the windows asked agree.
func nearlyAgreed(sides []Side, asked int64) (low, high int64, ok bool) {
	edges := boundsOf(sides)
	from, to, rows := mostAgreed(edges)
	least := rows - 1
	n, start := 0, 0.0
	for _, e := range edges {
		before := n
		n += e.by
		if before < least && n >= least {
			start = e.at
		}
		if before >= least && n < least && start <= from && e.at >= to {
			from, to = start, e.at
			break
		}
	}
	return int64(from), int64(to), enough(rows, asked)
}

// roundestBetween is the number in [low, high] with the fewest digits: of several alike the one in the coarsest steps, then the
// lower one. It tells whether that is high itself, which the other side of the limit then begins with.
func roundestBetween(low, high float64) (at float64, atHigh bool) {
	for exponent := math.Ceil(math.Log10(math.Max(math.Abs(low), math.Abs(high)))); exponent > -12; exponent-- {
		for _, step := range []float64{5, 2, 1} {
			k := math.Ceil(low / (step * math.Pow(10, exponent)))
			at := short(k * step * math.Pow(10, exponent))
			if at >= low && at <= high {
				return at, at == high
			}
		}
	}
	return low, false
}

// short is a number without what arithmetic added to its digits.
func short(v float64) float64 {
	kept, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64)
	if err != nil {
		return v
	}
	return kept + 0 // no negative zero
}

// LengthsOf is the hypothesis of a window of the roundest length, in microseconds above Low and up to High, that the most of the windows
// asked agree with, if these are not few: less simple than a clock that is off, by which a long window keeps the rows of a shorter one.
func (f *Feature) LengthsOf(sides []Side, asked int64) []Hypothesis {
	low, high, ok := nearlyAgreed(sides, asked)
	if !ok {
		return nil
	}
	d := time.Duration(roundest(low+1, high+1)) * time.Microsecond
	h := f.plain(Window, "length "+spell(d), 19)
	h.Reading.Length = d
	h.Parameters = windowParameters(&h)
	return []Hypothesis{h}
}

// OffsetsOf is the hypothesis of a window that ends before the declared one by the roundest time, in microseconds from Low on and below
// High, that the most of the windows asked agree with, if these are not few: less simple than the usual offsets.
func (f *Feature) OffsetsOf(sides []Side, asked int64) []Hypothesis {
	low, high, ok := nearlyAgreed(sides, asked)
	if !ok {
		return nil
	}
	d := f.Offset + time.Duration(roundest(low, high))*time.Microsecond
	h := f.plain(Window, "offset "+spell(d), 19)
	h.Reading.Offset = d
	h.Parameters = windowParameters(&h)
	return []Hypothesis{h}
}

// Text is the condition as people write it.
func (l *Limit) Text(column string) string {
	return fmt.Sprintf("%s %s %s", column, l.Sign, strconv.FormatFloat(l.At, 'g', -1, 64))
}

// OnlyWhere is the hypothesis that the rows were kept that pass f's filter number i, of which the limit was fitted.
func (f *Feature) OnlyWhere(i int) Hypothesis { return f.filtered(i, "only ", 23) }
