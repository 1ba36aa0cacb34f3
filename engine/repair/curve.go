package repair

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"sort"
)

// curve is what one feature adds to the link of the score.
type curve struct {
	pieces  []piece            // of numbers, ascending by low; the first for none
	words   map[string]float64 // of categories
	missing bool               // of categories: an example had none
	text    bool
}

// piece is base + slope x from low on.
type piece struct {
	low, slope, base float64
	outside          bool // no example had such a value, or one near enough
}

func (c *curve) at(x float64, w word) float64 {
	if c.text && !w.ok {
		return 0
	}
	if c.text {
		return c.words[w.text]
	}
	if math.IsNaN(x) {
		return c.pieces[0].base
	}
	i := sort.Search(len(c.pieces), func(i int) bool { return c.pieces[i].low > x }) - 1
	return c.pieces[i].base + c.pieces[i].slope*x
}

// model reads the curves off the coefficients of a fit.
func (d *design) model(coef []float64) *model {
	m := &model{curves: make([]curve, len(d.text))}
	slopes := make([]piece, len(d.text)) // base and slope under the first jump
	absent := make([]float64, len(d.text))
	jumps := make([][]piece, len(d.text)) // by how much base rises at low
	for i := range m.curves {
		m.curves[i] = curve{text: d.text[i], missing: d.seen[i], words: map[string]float64{}}
	}
	for k := range d.columns {
		switch c := &d.columns[k]; c.kind {
		case isOne:
			m.intercept = coef[k]
		case isNumber:
			slopes[c.feature].slope = coef[k] / c.scale
			slopes[c.feature].base = -coef[k] * c.mean / c.scale
		case isMissing:
			absent[c.feature] = coef[k]
		case isWord:
			m.curves[c.feature].words[c.word] = coef[k]
		case isJump:
			jumps[c.feature] = append(jumps[c.feature], piece{low: c.from, base: coef[k]})
		}
	}
	for i := range m.curves {
		if !d.text[i] {
			m.curves[i].pieces = pieces(slopes[i], jumps[i], absent[i], d.ranges[i], d.seen[i])
		}
	}
	return m
}

// pieces lays the jumps on a line, and tells the values that no example had.
func pieces(line piece, jumps []piece, absent float64, within [2]float64, missing bool) []piece {
	all := []piece{{low: math.Inf(-1), base: absent, outside: !missing}}
	if within[0] > within[1] { // no example had a number
		return append(all, piece{low: -math.MaxFloat64, outside: true})
	}
	slices.SortFunc(jumps, func(a, b piece) int { return cmp.Compare(a.low, b.low) })
	base := line.base
	all = append(all, piece{low: -math.MaxFloat64, slope: line.slope, base: base, outside: true},
		piece{low: within[0], slope: line.slope, base: base})
	for _, j := range jumps { // none at the least value
		base += j.base
		all = append(all, piece{low: j.low, slope: line.slope, base: base})
	}
	return append(all, piece{low: math.Nextafter(within[1], math.Inf(1)), slope: line.slope, base: base, outside: true})
}

// widen lets a model that gives the scores themselves as a line go on beyond the numbers of its examples, by half of their range on each side.
func (m *model) widen() {
	for i := range m.curves {
		all := m.curves[i].pieces
		if len(all) < 4 { // no number, or none but one
			continue
		}
		first, end := &all[2], &all[len(all)-1]
		more := (end.low - first.low) / 2
		first.low -= more
		end.low += more
	}
}

// pieceParams is the pieces of all versions as 473_in_curves takes them.
type pieceParams struct {
	versions, words            []string
	features, missing, outside []int64
	lows, slopes, bases        []float64
}

func (p *pieceParams) add(version string, m *model) {
	one := func(feature int, at piece, w word) {
		p.versions, p.features = append(p.versions, version), append(p.features, int64(feature))
		p.lows, p.slopes, p.bases = append(p.lows, at.low), append(p.slopes, at.slope), append(p.bases, at.base)
		p.words, p.missing, p.outside = append(p.words, w.text), append(p.missing, flag(!w.ok)), append(p.outside, flag(at.outside))
	}
	one(-1, piece{base: m.intercept}, word{})
	for i := range m.curves {
		c := &m.curves[i]
		if !c.text {
			for _, at := range c.pieces {
				one(i, at, word{})
			}
			continue
		}
		if c.missing {
			one(i, piece{}, word{})
		}
		for _, w := range slices.Sorted(maps.Keys(c.words)) {
			one(i, piece{base: c.words[w]}, word{w, true})
		}
	}
}

func (p *pieceParams) params() map[string]any {
	return map[string]any{"version": p.versions, "feature": p.features, "low": p.lows, "word": p.words, "missing": p.missing,
		"slope": p.slopes, "base": p.bases, "outside": p.outside}
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
