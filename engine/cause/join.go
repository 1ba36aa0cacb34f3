package cause

import "fmt"

// join.miss: keys no longer meet. The features of a join are all served as if no row were there, or the row is found again
// once keys are written alike on both sides.

// normalisations are ways in which one side of a key is written otherwise than the other.
var normalisations = []string{"lower", "trim", "zeros", "number"}

func missHypotheses(f *Feature) []Hypothesis {
	none := f.plain(Miss, "nothing", 0)
	none.Making.Made = Nothing
	none.Parameters = map[string]any{}
	none.Vacant = f.CountsRows // as many as none are counted by any window that lies where no row is
	if f.Alone && !f.CountsRows {
		none.Doubt = "a column that was dropped would be served alike: log how many rows the join meets (served_rows) to tell"
	}
	all := []Hypothesis{none}
	if !f.TextKeys {
		return all
	}
	for i, how := range normalisations {
		h := f.plain(Miss, "normalise "+how, 9+i)
		h.Reading.Normalise = how
		h.Parameters = map[string]any{"normalise": how}
		all = append(all, h)
	}
	return all
}

// join.fanout: a join multiplies rows, so that counts and sums come out a whole number of times too large.

// largestFanOut is the largest factor that is looked for.
const largestFanOut = 12

func fanOutHypotheses(f *Feature) []Hypothesis {
	counts := f.Windowed && (f.Aggregate == "count" || f.Aggregate == "sum")
	if !counts || !f.Number {
		return nil
	}
	var all []Hypothesis
	for k := 2; k <= largestFanOut; k++ {
		h := f.plain(FanOut, fmt.Sprintf("%d times", k), 5)
		h.Making = Making{Made: Linear, Factor: float64(k)}
		h.Parameters = map[string]any{"factor": k}
		all = append(all, h)
	}
	return all
}
