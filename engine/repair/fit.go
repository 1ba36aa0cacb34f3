package repair

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/plumbline-data/plumbline/engine/attribution"
)

const (
	// disputedWeight is the least share of the fit's weight that examples have of which a replay contradicts a feature: what serving put in
	// place of the declared values is where the fit must hold.
	disputedWeight = 1.0 / 3

	// tiny keeps the normal equations solvable where columns say the same; refinements take out what it biases.
	tiny        = 1e-9
	refinements = 4

	// ridge is the penalty of the jumps of the bins: so many examples that say that there is none, for each that there are.
	ridge = 1e-4

	// mostBins is how many bins a feature has, mostColumns how many columns a fit.
	mostBins    = 24
	mostColumns = 600

	// mostWords is how many categories of a feature are told apart at most, the most frequent ones.
	mostWords = 200

	// rowsPerColumn is how many examples a fit needs at least.
	rowsPerColumn = 5
)

// model gives scores on the link scale as a sum of what each feature adds.
type model struct {
	intercept float64
	curves    []curve // by feature
}

// link is the score of an example on the link scale.
func (m *model) link(e *example) float64 {
	z := m.intercept
	for i := range m.curves {
		z += m.curves[i].at(e.numbers[i], e.words[i])
	}
	return z
}

// residual is by how much a model misses an example: nothing within the rounding of its score, nor where both are beyond the end of the scale.
func (m *model) residual(e *example) float64 {
	z := m.link(e)
	if e.bounded {
		z = min(max(z, -math.Abs(e.link)), math.Abs(e.link))
	}
	r := e.link - z
	return math.Copysign(max(0, math.Abs(r)-e.blur), r)
}

// fit distils a model from examples of one version: linear in numbers, with a constant for each category; where that does not give the
// scores themselves, with jumps at quantiles of the numbers too, if those are truer on the examples that were held out. Scores near the end of
// the scale, which rounding blurs, do not tell whether it does. Of too few examples it gives nil, and says why. An example counts one, whatever its prediction's weight.
func fit(features []feature, all []example) (m *model, why string) {
	var sharp, train, held []example
	for i := range all {
		switch {
		case all[i].held:
			held = append(held, all[i])
			continue
		case all[i].bounded:
			continue // how far it was beyond is not known
		case all[i].blur <= attribution.ExactResidual/10:
			sharp = append(sharp, all[i])
		}
		train = append(train, all[i])
	}
	if len(held) == 0 || len(train) == 0 {
		return nil, fmt.Sprintf("%d predictions are too few to tell a model by", len(all))
	}
	d := newDesign(features, all, len(train))
	if exact := d.solve(sharp, 0); exact != nil {
		if largest, _ := misses(exact, held); largest <= attribution.ExactResidual {
			exact.widen()
			return exact, ""
		}
	}
	linear := d.solve(train, 0)
	if linear == nil {
		return nil, fmt.Sprintf("%d predictions are too few to tell %d figures of a model by", len(train), len(d.columns))
	}
	if !d.addBins(features, train) {
		return linear, ""
	}
	binned := d.solve(train, ridge)
	if binned == nil {
		return linear, ""
	}
	_, with := misses(binned, held)
	if _, without := misses(linear, held); with < without {
		return binned, ""
	}
	return linear, ""
}

// weigh gives disputed examples their share of the weight.
func weigh(train []example) []float64 {
	weights := make([]float64, len(train))
	disputed := 0.0
	for i := range train {
		if train[i].disputed {
			disputed++
		}
	}
	share := disputed / float64(len(train))
	for i := range train {
		weights[i] = 1
		if share > 0 && share < disputedWeight {
			if weights[i] = (1 - disputedWeight) / (1 - share); train[i].disputed {
				weights[i] = disputedWeight / share
			}
		}
	}
	return weights
}

// misses gives the largest residual, and the mean square of all.
func misses(m *model, rows []example) (largest, square float64) {
	for i := range rows {
		r := m.residual(&rows[i])
		largest = max(largest, math.Abs(r))
		square += r * r / float64(len(rows))
	}
	return largest, square
}

// design turns examples into the columns of a fit.
type design struct {
	columns []column
	ranges  [][2]float64 // of the numbers of each feature, over all examples
	seen    []bool       // whether an example has none, by feature
	text    []bool
}

// column is one regressor: a number in its standard deviations from the mean, where none is served, a category, or a jump.
type column struct {
	feature     int
	kind        columnKind
	mean, scale float64
	word        string
	from        float64
}

type columnKind int

const (
	isOne columnKind = iota
	isNumber
	isMissing
	isWord
	isJump
)

func (c *column) of(e *example) float64 {
	switch x := e.numbers[c.feature]; c.kind {
	case isOne:
		return 1
	case isNumber:
		if !math.IsNaN(x) {
			return (x - c.mean) / c.scale
		}
	case isMissing:
		if math.IsNaN(x) {
			return 1
		}
	case isWord:
		if w := e.words[c.feature]; w.ok && w.text == c.word {
			return 1
		}
	case isJump:
		if x >= c.from {
			return 1
		}
	}
	return 0
}

// newDesign lists the columns of a linear fit to n of the examples. Of a category the absent one has none: it is what the intercept
// stands for. Categories share the columns that n examples bear.
func newDesign(features []feature, all []example, n int) *design {
	d := &design{columns: []column{{kind: isOne}}}
	texts := 0
	for i := range features {
		d.text = append(d.text, features[i].Text)
		if features[i].Text {
			texts++
		}
	}
	room := min(mostColumns, n/rowsPerColumn) - 1 - 2*(len(features)-texts)
	for i := range features {
		if features[i].Text {
			d.addWords(i, all, max(0, min(mostWords, room/texts)))
			continue
		}
		d.addNumber(i, all)
	}
	return d
}

func (d *design) addWords(i int, all []example, most int) {
	counts := map[string]int{}
	missing := false
	for k := range all {
		if w := all[k].words[i]; w.ok {
			counts[w.text]++
		} else {
			missing = true
		}
	}
	words := make([]string, 0, len(counts))
	for w := range counts {
		words = append(words, w)
	}
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(-cmp.Compare(counts[a], counts[b]), cmp.Compare(a, b)) })
	for _, w := range words[:min(len(words), most)] {
		d.columns = append(d.columns, column{feature: i, kind: isWord, word: w})
	}
	d.ranges, d.seen = append(d.ranges, [2]float64{math.NaN(), math.NaN()}), append(d.seen, missing)
}

func (d *design) addNumber(i int, all []example) {
	n, mean, missing := 0.0, 0.0, false
	least, most := math.Inf(1), math.Inf(-1)
	for k := range all {
		x := all[k].numbers[i]
		if math.IsNaN(x) {
			missing = true
			continue
		}
		n++
		mean += (x - mean) / n
		least, most = min(least, x), max(most, x)
	}
	square := 0.0
	for k := range all {
		if x := all[k].numbers[i]; !math.IsNaN(x) {
			square += (x - mean) * (x - mean) / n
		}
	}
	d.ranges, d.seen = append(d.ranges, [2]float64{least, most}), append(d.seen, missing)
	if least < most {
		d.columns = append(d.columns, column{feature: i, kind: isNumber, mean: mean, scale: math.Sqrt(square)})
	}
	if missing && n > 0 {
		d.columns = append(d.columns, column{feature: i, kind: isMissing})
	}
}

// addBins adds jumps at quantiles of the numbers; false where there is no room for any.
func (d *design) addBins(features []feature, train []example) bool {
	numbers := 0
	for i := range features {
		if !features[i].Text {
			numbers++
		}
	}
	bins := min(mostBins, (mostColumns-len(d.columns))/max(numbers, 1))
	before := len(d.columns)
	for i := range features {
		if features[i].Text || bins < 2 {
			continue
		}
		for _, at := range cuts(train, i, bins) {
			d.columns = append(d.columns, column{feature: i, kind: isJump, from: at})
		}
	}
	return len(d.columns) > before
}

// cuts gives the quantiles of a feature's numbers that part them into so many bins, ascending, each once and none of them the least.
func cuts(train []example, i, bins int) (all []float64) {
	var values []float64
	for k := range train {
		if x := train[k].numbers[i]; !math.IsNaN(x) {
			values = append(values, x)
		}
	}
	if len(values) == 0 {
		return nil
	}
	slices.Sort(values)
	last := values[0]
	for b := 1; b < bins; b++ {
		if at := values[b*len(values)/bins]; at > last {
			last = at
			all = append(all, at)
		}
	}
	return all
}

// solve fits the columns by weighted least squares, the jumps penalised; nil where there are too few examples for them, or the
// equations have no solution.
func (d *design) solve(train []example, penalty float64) *model {
	p, n := len(d.columns), len(train)
	if n < rowsPerColumn*p || p > mostColumns {
		return nil
	}
	weights := weigh(train)
	x := mat.NewDense(n, p, nil) // rows scaled by the root of their weight
	y := mat.NewVecDense(n, nil)
	for i := range train {
		root := math.Sqrt(weights[i])
		row := x.RawRowView(i)
		for k := range d.columns {
			row[k] = root * d.columns[k].of(&train[i])
		}
		y.SetVec(i, root*train[i].link)
	}
	gram := mat.NewSymDense(p, nil)
	gram.SymOuterK(1, x.T())
	for k := range p {
		added := tiny
		if d.columns[k].kind == isJump {
			added = penalty
		}
		gram.SetSym(k, k, gram.At(k, k)+added*float64(n))
	}
	var solver mat.Cholesky
	if !solver.Factorize(gram) {
		return nil
	}
	coef := mat.NewVecDense(p, nil)
	left := mat.VecDenseCopyOf(y)
	rounds := 1
	if penalty == 0 {
		rounds += refinements
	}
	for range rounds {
		var toward, step, fitted mat.VecDense
		toward.MulVec(x.T(), left)
		if err := solver.SolveVecTo(&step, &toward); err != nil {
			return nil
		}
		coef.AddVec(coef, &step)
		fitted.MulVec(x, coef)
		left.SubVec(y, &fitted)
	}
	return d.model(coef.RawVector().Data)
}
