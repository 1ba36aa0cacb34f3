package cause

import (
	"fmt"
	"math"
	"strings"
)

// conversion is a pair of units: b = Factor*a + Plus.
type conversion struct {
	Name         string
	Factor, Plus float64
	Measured     bool // a factor that was found, and is not exact
	Stretched    bool // told by how far values lie apart, not by where they lie
}

var conversions = []conversion{
	{Name: "°F to °C", Factor: 5.0 / 9, Plus: -160.0 / 9}, {Name: "°C to °F", Factor: 1.8, Plus: 32}, {Name: "°C to K", Factor: 1, Plus: 273.15}, {Name: "K to °C", Factor: 1, Plus: -273.15},
	{Name: "miles to km", Factor: 1.609344}, {Name: "km to miles", Factor: 1 / 1.609344}, {Name: "inches to mm", Factor: 25.4}, {Name: "mm to inches", Factor: 1 / 25.4},
	{Name: "feet to m", Factor: 0.3048}, {Name: "m to feet", Factor: 1 / 0.3048}, {Name: "kg to lb", Factor: 1 / 0.45359237}, {Name: "lb to kg", Factor: 0.45359237},
	{Name: "hPa to inHg", Factor: 0.0295299830714}, {Name: "inHg to hPa", Factor: 1 / 0.0295299830714}, {Name: "seconds to minutes", Factor: 1.0 / 60}, {Name: "minutes to seconds", Factor: 60},
	{Name: "minutes to hours", Factor: 1.0 / 60}, {Name: "hours to minutes", Factor: 60}, {Name: "seconds to hours", Factor: 1.0 / 3600}, {Name: "hours to seconds", Factor: 3600},
	{Name: "x 10", Factor: 10}, {Name: "x 0.1", Factor: 0.1}, {Name: "x 100", Factor: 100}, {Name: "x 0.01", Factor: 0.01}, {Name: "x 1000", Factor: 1000}, {Name: "x 0.001", Factor: 0.001}, {Name: "x -1", Factor: -1},
}

const (
	factorFrom = 3.0  // a constant factor without a name must be as large
	slack      = 0.25 // of the range's width by which a value brought back may miss it
)

// rescaled tells whether quartiles left their range in the past by the range's own width, and what conversion of the past
// makes them: the first of the list, else a constant factor.
func rescaled(i int, past []int, of func(i int) Quantiles) (conversion, bool) {
	now := of(i)
	if onTheWay(i, past, of) {
		return conversion{}, false
	}
	if !outside(now, past, of) {
		return stretched(now, past, of)
	}
	for _, c := range conversions {
		if c.fits(now, past, of, slack) && c.leaps(of(past[len(past)-1])[P50], now[P50]) {
			return c, true
		}
	}
	return constantFactor(now, past, of)
}

// leaps tells whether the conversion takes a median to about another at once, which growth over days does not.
func (c conversion) leaps(from, to float64) bool {
	expected := c.Factor*from + c.Plus - from
	return math.Abs(to-from) >= 0.7*math.Abs(expected) && math.Abs(to-from) <= 1.5*math.Abs(expected)
}

// outside tells whether all quartiles left their range in the past by its width, to one side.
func outside(now Quantiles, past []int, of func(i int) Quantiles) bool {
	above, below := true, true
	for q := P25; q <= P75; q++ {
		low, high := hull(past, of, q)
		width := math.Max(high-low, 0.01*math.Max(math.Abs(high), math.Abs(low)))
		above = above && now[q] > high+width
		below = below && now[q] < low-width
	}
	return above || below
}

// fits tells whether quartiles are in their range in the past once they are brought back, give or take a part of its width.
func (c conversion) fits(now Quantiles, past []int, of func(i int) Quantiles, slack float64) bool {
	for q := P25; q <= P75; q++ {
		low, high := hull(past, of, q)
		back, miss := (now[q]-c.Plus)/c.Factor, slack*(high-low)
		if back < low-miss || back > high+miss {
			return false
		}
	}
	return true
}

// goesOn tells whether quartiles are still of the other scale: brought back they may miss their range by its width, and they
// are nearer to it than as they stand.
func (c conversion) goesOn(now Quantiles, past []int, of func(i int) Quantiles) bool {
	if c.Stretched {
		return c.apart(now, past, of) && c.fits(now, past, of, 1)
	}
	for q := P25; q <= P75; q++ {
		low, high := hull(past, of, q)
		middle := (low + high) / 2
		if back := (now[q] - c.Plus) / c.Factor; math.Abs(back-middle) >= math.Abs(now[q]-middle) {
			return false
		}
	}
	return c.fits(now, past, of, 1)
}

// onTheWay tells whether the median rose (or fell) from entry to entry before already, to where it had never been, in steps
// that count beside the one that followed: then it is growth that goes on.
func onTheWay(i int, past []int, of func(i int) Quantiles) bool {
	low, high := hull(past, of, P50)
	n := len(past)
	a, b, c := of(past[n-3])[P50], of(past[n-2])[P50], of(past[n-1])[P50]
	last, now := of(i - 1)[P50], of(i)[P50]
	if 8*math.Abs(c-a) < math.Abs(now-last) {
		return false
	}
	return now > last && a < b && b < c && c < last && last >= high || now < last && a > b && b > c && c > last && last <= low
}

// constantFactor is the one factor that takes the middle of each quartile's past to what it is now, where those hardly moved.
func constantFactor(now Quantiles, past []int, of func(i int) Quantiles) (conversion, bool) {
	factor := 0.0
	for q := P25; q <= P75; q++ {
		low, high := hull(past, of, q)
		if low <= 0 || high > 1.5*low || now[q] <= 0 {
			return conversion{}, false
		}
		f := now[q] / math.Sqrt(low*high)
		if factor == 0 {
			factor = f
		}
		if math.Abs(math.Log(f/factor)) > 0.1 {
			return conversion{}, false
		}
	}
	if math.Abs(math.Log(factor)) < math.Log(factorFrom) {
		return conversion{}, false
	}
	return conversion{Name: fmt.Sprintf("x %.3g", factor), Factor: factor, Measured: true}, true
}

// scales is the runs of entries of another scale, by the conversion that each began with.
type scales struct {
	found     []run
	by        map[int]conversion
	told, fit map[int]bool // whether an entry says something, and fits the conversion as the first of its run does
}

// scaleRuns finds runs of entries of another scale.
func scaleRuns(n int, enough func(i int) bool, of func(i int) Quantiles) scales {
	w := scales{by: map[int]conversion{}, told: map[int]bool{}, fit: map[int]bool{}}
	w.found = runs(n, fewDays, holdScale, func(i int, past []int, going bool) bool {
		var near []int
		for _, p := range past {
			if enough(p) {
				near = append(near, p)
			}
		}
		c := w.by[i-1]
		w.told[i] = enough(i)
		switch {
		case !w.told[i]:
			w.by[i] = c // nothing is said of such a day: what went on goes on
			return going
		case len(near) < fewDays:
			return false
		case going:
			if !c.goesOn(of(i), near, of) {
				return false
			}
			w.fit[i] = c.Measured || c.fits(of(i), near, of, slack)
		default:
			var ok bool
			if c, ok = rescaled(i, near, of); !ok {
				return false
			}
			w.fit[i] = true
		}
		w.by[i] = c
		return true
	})
	return w
}

// within gives the runs among the first n entries, and the conversion of each. Three in four entries of a run must fit it.
func (w *scales) within(n int) ([]run, []conversion) {
	var kept []run
	var made []conversion
	for _, r := range cut(w.found, n, holdScale) {
		fits, told := 0, 0
		for i := r.first; i < r.end; i++ {
			if w.told[i] {
				told++
			}
			if w.fit[i] {
				fits++
			}
		}
		if told >= holdScale && 4*fits >= 3*told {
			kept, made = append(kept, r), append(made, w.by[r.first])
		}
	}
	return kept, made
}

func enoughNumbers(days []SourceDay, v int) func(i int) bool {
	return func(i int) bool { return days[i].Values[v].Numbers >= manyRows }
}

func spreadOf(days []SourceDay, v int) func(i int) Quantiles {
	return func(i int) Quantiles { return days[i].Values[v].Spread }
}

// scaleChanges looks for a value of another unit.
func (w *Walked) scaleChanges(days []SourceDay, v int) []change {
	of := spreadOf(days, v)
	found, made := w.breaks.scale[v].within(len(days))
	var changes []change
	for i, r := range found {
		by := made[i].refined(r, of)
		told, now, was := "median", of(r.first)[P50], of(r.first - 1)[P50]
		if by.Stretched {
			told, now, was = "range of the middle half", of(r.first).width(), of(max(0, r.first-2)).width()
		}
		c := changeOf("scale", v, w.SourceHistory, days, r, by.lean(days, r, v), fmt.Sprintf("the %s of %s of %s is %.4g, %.4g before: as if it went from %s",
			told, strings.Join(w.Values[v].Features, ", "), w.Name, now, was, by.Name))
		c.parameters = map[string]any{"scale": rounded(by.Factor), "offset": rounded(by.Plus)}
		changes = append(changes, c)
	}
	return changes
}

// rounded keeps six digits.
func rounded(value float64) float64 {
	if value == 0 {
		return 0
	}
	digits := math.Pow(10, 5-math.Floor(math.Log10(math.Abs(value))))
	return math.Round(value*digits) / digits
}
