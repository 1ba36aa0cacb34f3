package cause

import (
	"math"
	"slices"
)

// tally counts numbers.
type tally struct {
	numbers []float64 // ascending
	upTo    []int64   // rows of the numbers before each, and of all
	grid    float64   // the steps that all are written in; 0 for none
}

const (
	notSeen    = 0.5  // rows that stand for a number which might have been there and was not
	impossible = 1e-4 // and for one that could hardly
	beyondEnds = 0.25 // of the range: how far outside a number might be
)

func tallyOf(counts ...[]NumberCount) tally {
	rows := map[float64]int64{}
	for _, all := range counts {
		for _, c := range all {
			rows[c.Number] += c.Rows
		}
	}
	return tallied(rows)
}

func tallied(rows map[float64]int64) tally {
	t := tally{numbers: make([]float64, 0, len(rows)), upTo: make([]int64, 1, len(rows)+1)}
	for n := range rows {
		t.numbers = append(t.numbers, n)
	}
	slices.Sort(t.numbers)
	for i, n := range t.numbers {
		t.upTo = append(t.upTo, t.upTo[i]+rows[n])
	}
	t.grid = steps(t.numbers)
	return t
}

// might gives the rows that stand for a number, or one up to miss off it, of which there are none: it might have been there where it
// lies in the range and on the grid of the others.
func (t *tally) might(number, miss float64) float64 {
	if len(t.numbers) == 0 {
		return notSeen
	}
	low, high := t.numbers[0], t.numbers[len(t.numbers)-1]
	beyond := beyondEnds*(high-low) + miss
	if number < low-beyond || number > high+beyond {
		return impossible
	}
	if t.grid > 0 && math.Abs(number-math.Round(number/t.grid)*t.grid) > miss+1e-6*t.grid {
		return impossible
	}
	return notSeen
}

func (t *tally) all() int64 { return t.upTo[len(t.numbers)] }

// places are those of the numbers in [low, high].
func (t *tally) places(low, high float64) (first, end int) {
	first, _ = slices.BinarySearch(t.numbers, low)
	end, exact := slices.BinarySearch(t.numbers, high)
	if exact {
		end++
	}
	return first, max(first, end)
}

// rowsOf counts the rows with a number.
func (t *tally) rowsOf(number float64) int64 {
	first, end := t.places(number, number)
	return t.upTo[end] - t.upTo[first]
}

// counts gives the numbers with their rows.
func (t *tally) counts() []NumberCount {
	all := make([]NumberCount, len(t.numbers))
	for i, n := range t.numbers {
		all[i] = NumberCount{n, t.upTo[i+1] - t.upTo[i]}
	}
	return all
}

// moving counts the numbers of a value on days that come and go.
type moving struct {
	of   *SourceHistory
	v    int
	days []int // ascending
	rows map[float64]int64
}

// to moves the count to other days, ascending.
func (m *moving) to(days []int) {
	for _, d := range m.days {
		if _, stays := slices.BinarySearch(days, d); !stays {
			for _, c := range m.counts(d) {
				if m.rows[c.Number] -= c.Rows; m.rows[c.Number] == 0 {
					delete(m.rows, c.Number)
				}
			}
		}
	}
	for _, d := range days {
		if _, there := slices.BinarySearch(m.days, d); !there {
			for _, c := range m.counts(d) {
				m.rows[c.Number] += c.Rows
			}
		}
	}
	m.days = slices.Clone(days)
}

func (m *moving) counts(day int) []NumberCount { return m.of.Days[day].Values[m.v].Counts }

// strange lists the numbers that no day of the count holds.
func (m *moving) strange(counts []NumberCount) (strange []NumberCount, rows int64) {
	for _, c := range counts {
		if m.rows[c.Number] == 0 {
			strange, rows = append(strange, c), rows+c.Rows
		}
	}
	return strange, rows
}

// own lists, by day, the numbers that it alone holds.
func (m *moving) own() []ownDay {
	all := make([]ownDay, len(m.days))
	for k, d := range m.days {
		all[k].all = m.of.Days[d].Values[m.v].Numbers
		for _, c := range m.counts(d) {
			if m.rows[c.Number] == c.Rows {
				all[k].numbers, all[k].rows = append(all[k].numbers, c), all[k].rows+c.Rows
			}
		}
	}
	return all
}

// ownDay is the numbers of a past day that no other past day holds.
type ownDay struct {
	numbers   []NumberCount
	rows, all int64 // with these, and of the day
}
