package cause

import "slices"

// tally counts numbers.
type tally struct {
	numbers []float64 // ascending
	upTo    []int64   // rows of the numbers before each, and of all
}

func tallyOf(counts ...[]NumberCount) tally {
	rows := map[float64]int64{}
	for _, all := range counts {
		for _, c := range all {
			rows[c.Number] += c.Rows
		}
	}
	t := tally{numbers: make([]float64, 0, len(rows)), upTo: make([]int64, 1, len(rows)+1)}
	for n := range rows {
		t.numbers = append(t.numbers, n)
	}
	slices.Sort(t.numbers)
	for i, n := range t.numbers {
		t.upTo = append(t.upTo, t.upTo[i]+rows[n])
	}
	return t
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
