package cause

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// encoding.remapped: categories were renumbered, or units or scale changed: what was served is a * r + b of the replay r, or a
// bijection of its values other than identity.

// Pair is a differing row: what was served and what the declaration gives, both nil for null; of text features as text.
type Pair struct {
	Served, Declared         *float64
	ServedText, DeclaredText *string
	Empty                    bool // the declaration gives null, and so the default
}

// unit is a change of units that is common: served = Factor * replay + Plus.
type unit struct {
	name, back   string
	factor, plus float64
}

// pairs of units, one way; the other way follows.
var unitPairs = []unit{
	{"C to F", "F to C", 1.8, 32}, {"miles to km", "km to miles", 1.609344, 0}, {"inches to mm", "mm to inches", 25.4, 0},
	{"inches to cm", "cm to inches", 2.54, 0}, {"feet to m", "m to feet", 0.3048, 0}, {"mph to knots", "knots to mph", 1 / 1.150779448, 0},
	{"m/s to km/h", "km/h to m/s", 3.6, 0}, {"mph to m/s", "m/s to mph", 0.44704, 0}, {"pounds to kg", "kg to pounds", 0.45359237, 0},
	{"hPa to inHg", "inHg to hPa", 1 / 33.8638866667, 0}, {"C to K", "K to C", 1, 273.15}, {"units to cents or percent", "cents or percent to units", 100, 0},
	{"thousandfold", "a thousandth", 1000, 0}, {"tenfold", "a tenth", 10, 0}, {"hours to minutes", "minutes to hours", 60, 0},
	{"hours to seconds", "seconds to hours", 3600, 0}, {"days to hours", "hours to days", 24, 0}, {"degrees to radians", "radians to degrees", math.Pi / 180, 0},
	{"sign turned", "sign turned", -1, 0}, {"kB to bytes", "bytes to kB", 1024, 0},
}

func remapHypotheses(f *Feature) []Hypothesis {
	if !f.Number {
		return nil
	}
	var all []Hypothesis
	for _, u := range unitPairs {
		all = append(all, f.linear(u.factor, u.plus, u.name, 6))
		if back := (unit{factor: 1 / u.factor, plus: 0 - u.plus/u.factor}); back != (unit{factor: u.factor, plus: u.plus}) {
			all = append(all, f.linear(back.factor, back.plus, u.back, 6))
		}
	}
	return all
}

// linear is served = factor * replay + plus; name is "" for constants that were fitted.
func (f *Feature) linear(factor, plus float64, name string, rank int) Hypothesis {
	h := f.plain(Remapped, fmt.Sprintf("%s r + %s", number(factor), number(plus)), rank)
	h.Making = Making{Made: Linear, Factor: factor, Plus: plus}
	var unit any
	if name != "" {
		unit = name
	}
	h.Parameters = map[string]any{"scale": nineDigits(factor), "offset": nineDigits(plus), "unit": unit}
	return h
}

func number(v float64) string { return strconv.FormatFloat(nineDigits(v), 'g', -1, 64) }

// nineDigits keeps nine significant digits.
func nineDigits(v float64) float64 {
	kept, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 9, 64), 64)
	if err != nil {
		return v
	}
	return kept
}

const (
	// leastFit is how many rows a constant must be fitted to.
	leastFit = 3
	// mostMapped is how many values a remapped code may have.
	mostMapped = 200
	// ofOneMind is the share of the frequent codes' rows that go where most of the code's do, if rare codes are to be believed.
	ofOneMind = 0.95
	// roundingRest is the part of what was served up to which a constant that is added is what rounding leaves.
	roundingRest = 1e-12
	// roundTo is the digits to which fitted constants are compared.
	roundTo = 6
)

// RemapFrom fits constants to a day's differing rows. A fault may have hit some of them only, so that every constant is the
// most frequent one over rows, or over neighbouring rows, not a mean.
func RemapFrom(f *Feature, pairs []Pair) []Hypothesis {
	if f.Text {
		return mapped(f, pairs)
	}
	if !f.Number {
		return nil
	}
	var full []Pair
	for _, p := range pairs {
		if p.Served != nil && p.Declared != nil && !p.Empty && finite(*p.Served) && finite(*p.Declared) {
			full = append(full, p)
		}
	}
	var all []Hypothesis
	var ratios, slopes, gaps []float64
	for i, p := range full {
		gaps = append(gaps, *p.Served-*p.Declared)
		if *p.Declared != 0 {
			ratios = append(ratios, *p.Served / *p.Declared)
		}
		if i > 0 {
			if run := *p.Declared - *full[i-1].Declared; math.Abs(run) > 1e-9*math.Abs(*p.Declared) {
				slopes = append(slopes, (*p.Served-*full[i-1].Served)/run)
			}
		}
	}
	if a, ok := commonest(ratios); ok && a != 1 && a != 0 {
		all = append(all, f.linear(a, 0, "", 20))
	}
	if b, ok := commonest(gaps); ok && b != 0 {
		all = append(all, f.linear(1, b, "", 20))
	}
	if a, ok := commonest(slopes); ok && a != 0 && a != 1 {
		var rests, sizes []float64
		for _, p := range full {
			rests, sizes = append(rests, *p.Served-a**p.Declared), append(sizes, math.Abs(*p.Served))
		}
		if b, ok := commonest(rests); ok && math.Abs(b) > roundingRest*middle(sizes) {
			all = append(all, f.linear(a, b, "", 21))
		}
	}
	return append(all, mapped(f, pairs)...)
}

// commonest is the most frequent value to roundTo digits, as the median of those that round to it; false where fewer than
// leastFit rows share it.
func commonest(values []float64) (float64, bool) {
	groups := map[string][]float64{}
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			key := strconv.FormatFloat(v, 'e', roundTo-1, 64)
			groups[key] = append(groups[key], v)
		}
	}
	best := ""
	for key, g := range groups {
		if b := len(groups[best]); len(g) > b || len(g) == b && key < best {
			best = key
		}
	}
	g := groups[best]
	if len(g) < leastFit {
		return 0, false
	}
	slices.Sort(g)
	return g[len(g)/2], true
}

// mapped fits a bijection: each value goes to what it was served as most often, and no two to the same. It is looked for where
// the values are few: codes, not measures. With a constant for each of them it is the least simple of all hypotheses. Rare values
// are taken in where the rows of the frequent ones are of one mind.
func mapped(f *Feature, pairs []Pair) []Hypothesis {
	votes := map[string]map[string]int{}
	n := 0
	for _, p := range pairs {
		from, to, ok := p.texts(f)
		if !ok {
			continue
		}
		if votes[from] == nil {
			votes[from] = map[string]int{}
		}
		votes[from][to]++
		n++
	}
	if len(votes) < 2 || len(votes) > mostMapped || len(votes)*leastFit > n {
		return nil
	}
	frequent := func(best, _ int) bool { return best >= leastFit || best >= n/len(votes)/2 }
	m := bijection(votes, frequent)
	var right, all int
	for i, from := range m.From {
		right += votes[from][m.To[i]]
		for _, rows := range votes[from] {
			all += rows
		}
	}
	if len(m.From) > 1 && float64(right) >= ofOneMind*float64(all) {
		m = bijection(votes, func(best, all int) bool { return frequent(best, all) || best == all })
	}
	if len(m.From) < 2 {
		return nil
	}
	h := f.plain(Remapped, "map of "+f.Name, 24)
	h.Making = m
	h.Parameters = map[string]any{"map": m.shown()}
	return []Hypothesis{h}
}

// bijection takes the values whose best vote, of all of theirs, counts; those of the most votes choose first.
func bijection(votes map[string]map[string]int, counts func(best, all int) bool) Making {
	type choice struct {
		from, to  string
		best, all int
	}
	var choices []choice
	for _, from := range sortedKeys(votes) {
		c := choice{from: from}
		for _, candidate := range sortedKeys(votes[from]) {
			c.all += votes[from][candidate]
			if votes[from][candidate] > c.best {
				c.to, c.best = candidate, votes[from][candidate]
			}
		}
		if counts(c.best, c.all) {
			choices = append(choices, c)
		}
	}
	slices.SortStableFunc(choices, func(a, b choice) int { return b.best - a.best })
	taken := map[string]bool{}
	kept := map[string]string{}
	for _, c := range choices {
		if !taken[c.to] { // else another value goes there: no bijection
			taken[c.to] = true
			kept[c.from] = c.to
		}
	}
	m := Making{Made: Mapped}
	for _, from := range sortedKeys(kept) {
		m.From, m.To = append(m.From, from), append(m.To, kept[from])
	}
	return m
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// texts gives a pair as codes; false where one of them is null or no number.
func (p *Pair) texts(f *Feature) (from, to string, ok bool) {
	if f.Text {
		if p.ServedText == nil || p.DeclaredText == nil {
			return "", "", false
		}
		return *p.DeclaredText, *p.ServedText, true
	}
	if p.Empty || p.Served == nil || p.Declared == nil || !finite(*p.Served) || !finite(*p.Declared) {
		return "", "", false
	}
	return strconv.FormatFloat(*p.Declared, 'f', -1, 64), strconv.FormatFloat(*p.Served, 'f', -1, 64), true
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
