package attribution

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/plumbline-data/plumbline/engine/slicing"
)

// Slice is a part of the window's rows, told by values of segments, versions and conditions, whose loss rose more than the others'.
type Slice struct {
	Where     []SliceValue // ascending by Name
	Rows      int64        // with an outcome
	Loss      float64      // their mean
	Reference float64      // what it would be, had they lost as much beside the others of their days as in the baseline
	Lift      float64      // Loss less Reference
	CI95      *[2]float64  // of Lift, by day
	Q         *float64     // chance that the best of all slices is as far out by day; nil where days do not tell
}

// SliceValue is one value that the rows of a slice have in common.
type SliceValue struct{ Name, Value string }

const (
	sliceAlpha  = 0.99 // of the score: a hundredth of the rows must lose as much again as all do on average, a tenth a tenth of it
	sliceDepth  = 4
	sliceRows   = 50  // of each period, by weight
	sliceListed = 32  // of so many predicates that are looked at
	slicesKept  = 10  // that are told
	sliceFolded = 0.8 // of what a slice lost more, in one better slice: it is that one again
	shuffles    = 999
	fewDays     = 3           // of the window; below it days are not permuted
	sliceBudget = 4_000_000   // cells that may be looked at for all slices; else they have fewer predicates
	sliceSearch = 150_000_000 // the same for the best slices of so many predicates
	versionName = "version"
)

// sliceable is the cells of two periods as slices see them. A residual is a loss less the mean of its day: what a season does to all
// rows of a day is in none.
type sliceable struct {
	table  slicing.Table // one row per segment, version and fingerprint
	parts  [][]slicePart // by row: its days
	counts [][2]float64  // by row: how much weight it stands for in the baseline and in the window
	means  []float64     // by day, the baseline's first
	nB     int           // days of the baseline
	kappa  float64       // weight of the window over that of the baseline
	loss   float64       // mean of the window
}

// slicePart is what a row of the table comes to on a day.
type slicePart struct {
	day              int
	rows             int64
	weight, residual float64
}

// Slices finds the slices whose loss rose the most, best first: none whose rise days like these may bring by chance. The best of few slices
// is further out no more often than the best of more: a slice that those of fewer predicates rule out is held against no others. Notes say
// where those of more predicates are too many to be looked at.
func (x *Index) Slices(q Question) (told []Slice, notes []string) {
	window, _ := x.chooseWindow(q)
	baseline, _ := x.chooseBaseline(q)
	s := x.sliceable(q, baseline, window)
	if s == nil {
		return nil, nil
	}
	best, deepest := s.best()
	var left []candidateSlice
	for _, one := range s.fold(best) {
		v := s.vector(s.rowsOf(one.Where))
		c := candidateSlice{Slice: s.tell(one.Where, &v), vector: v, where: one.Where}
		if u, ok := v.deviation(s.nB); ok {
			c.deviation = u
			left = append(left, c)
		}
	}
	for depth := 1; depth <= deepest && len(left) > 0; depth++ {
		n, family, whole := s.family(depth)
		if !whole {
			left = slices.DeleteFunc(left, func(c candidateSlice) bool { return len(c.where) >= depth })
			deepest = depth - 1
			break
		}
		left = s.hold(left, n, family, q.FDR)
	}
	if deepest < min(sliceDepth, len(s.table.Columns)) {
		notes = append(notes, fmt.Sprintf("slices: those of more than %d values are too many to be looked at", deepest))
	}
	left = simplest(left)
	for _, c := range left[:min(len(left), slicesKept)] {
		told = append(told, c.Slice)
	}
	return told, notes
}

// candidateSlice is a slice that may be told.
type candidateSlice struct {
	Slice
	vector    vector
	deviation float64
	where     []slicing.Predicate
}

// hold gives candidates their chance among a family of n slices, and keeps those whose chance is no more than fdr.
func (s *sliceable) hold(left []candidateSlice, n int, family [][]float64, fdr float64) (kept []candidateSlice) {
	window := len(s.means) - s.nB
	var maxima []float64
	if window >= fewDays {
		maxima = permuted(family, len(s.means), window)
	}
	for _, c := range left {
		if maxima == nil {
			c.Q = c.vector.bonferroni(s.nB, c.Lift, n)
		} else {
			beyond := 0
			for _, m := range maxima {
				if m >= c.deviation {
					beyond++
				}
			}
			c.Q = nineOf(float64(1+beyond) / float64(1+len(maxima)))
		}
		if c.Q != nil && *c.Q <= fdr {
			kept = append(kept, c)
		}
	}
	return kept
}

// sliceable gathers the cells of the window's days, each at its own age, and of the baseline's; nil where there is nothing to compare.
func (x *Index) sliceable(q Question, baseline, window []int) *sliceable {
	s := &sliceable{nB: len(baseline)}
	type key struct{ group, print int32 }
	at := map[key]int{}
	var keys []key
	var weightB, weightC, lossC Fixed
	for k, i := range slices.Concat(baseline, window) {
		d := &x.days[i]
		slot := int8(ageSlots - 1)
		if k >= s.nB {
			slot = d.ownSlot(q.AsOf)
		}
		var weight, loss Fixed
		for c := range d.cells {
			if one := &d.cells[c]; one.slot <= slot {
				weight, loss = weight.Add(one.weight), loss.Add(one.loss)
			}
		}
		mean := 0.0
		if w := weight.Float(); w > 0 {
			mean = loss.Float() / w
		}
		s.means = append(s.means, mean)
		if k < s.nB {
			weightB = weightB.Add(weight)
		} else {
			weightC, lossC = weightC.Add(weight), lossC.Add(loss)
		}
		for c := range d.cells {
			one := &d.cells[c]
			if one.slot > slot {
				continue
			}
			of := key{one.group, one.print}
			row, ok := at[of]
			if !ok {
				row = len(s.parts)
				at[of] = row
				keys, s.parts = append(keys, of), append(s.parts, nil)
			}
			if n := len(s.parts[row]); n == 0 || s.parts[row][n-1].day != k {
				s.parts[row] = append(s.parts[row], slicePart{day: k})
			}
			p := &s.parts[row][len(s.parts[row])-1]
			p.rows += one.rows
			p.weight += one.weight.Float()
			p.residual += one.loss.Float() - mean*one.weight.Float()
		}
	}
	if weightB.Float() <= 0 || weightC.Float() <= 0 || lossC.Float() <= 0 {
		return nil
	}
	s.kappa, s.loss = weightC.Float()/weightB.Float(), lossC.Float()/weightC.Float()
	s.dropEmpty(func(keep []int) {
		kept := make([]key, len(keep))
		for i, k := range keep {
			kept[i] = keys[k]
		}
		keys = kept
	})
	s.columns(x, len(keys), func(i int) (group, int32) { return x.groups[keys[i].group], keys[i].print })
	return s
}

// dropEmpty leaves out rows that stand for no weight, corrections of rows that are elsewhere, and tells which stay.
func (s *sliceable) dropEmpty(stay func([]int)) {
	var keep []int
	var parts [][]slicePart
	for i := range s.parts {
		row, counts := slicing.Row{}, [2]float64{}
		for _, p := range s.parts[i] {
			scale := 1.0
			if p.day < s.nB {
				scale = s.kappa
				row.Value -= scale * p.residual
				counts[0] += p.weight
			} else {
				row.Value += p.residual
				counts[1] += p.weight
			}
			row.Weight += scale * p.weight / 2
		}
		if row.Weight > 0 {
			keep, parts = append(keep, i), append(parts, s.parts[i])
			s.table.Rows, s.counts = append(s.table.Rows, row), append(s.counts, counts)
		}
	}
	s.parts = parts
	stay(keep)
}

// columns lists the segments, versions and conditions in which rows differ.
func (s *sliceable) columns(x *Index, n int, of func(i int) (group, int32)) {
	add := func(name string, value func(i int) (code int32, text string)) {
		codes, texts := make([]int32, n), map[int32]string{}
		for i := range codes {
			code, text := value(i)
			codes[i], texts[code] = code, text
		}
		if len(texts) < 2 {
			return
		}
		column, place := slicing.Column{Name: name}, map[int32]int32{}
		for _, code := range slices.Sorted(slices.Values(codes)) {
			if _, ok := place[code]; !ok {
				place[code] = int32(len(column.Values))
				column.Values = append(column.Values, texts[code])
			}
		}
		s.table.Columns = append(s.table.Columns, column)
		for i := range codes {
			s.table.Rows[i].Codes = append(s.table.Rows[i].Codes, place[codes[i]])
		}
	}
	for k, name := range x.segmentNames {
		values := rankedValues(x.segmentValues, k)
		add(name, func(i int) (int32, string) {
			g, _ := of(i)
			v := values[g.segment]
			return v.rank, v.text
		})
	}
	add(versionColumn(x.segmentNames), func(i int) (int32, string) { g, _ := of(i); return g.version, x.versionNames[g.version] })
	for k := range x.conditions {
		add(x.conditions[k].Name(), func(i int) (int32, string) {
			_, print := of(i)
			l := x.levelsOf(print)[k]
			return l, x.conditions[k].LevelName(x.levels[l].code)
		})
	}
}

// rankedValue is a value of a segment column and its place among them.
type rankedValue struct {
	rank int32
	text string
}

// rankedValues gives the k-th value of each segment.
func rankedValues(segments [][]string, k int) []rankedValue {
	all := make([]rankedValue, len(segments))
	var texts []string
	for i, values := range segments {
		if k < len(values) {
			all[i].text = values[k]
		}
		texts = append(texts, all[i].text)
	}
	slices.Sort(texts)
	texts = slices.Compact(texts)
	for i := range all {
		at, _ := slices.BinarySearch(texts, all[i].text)
		all[i].rank = int32(at)
	}
	return all
}

// rowsOf lists the rows of a slice.
func (s *sliceable) rowsOf(where []slicing.Predicate) (rows []int32) {
	for i := range s.table.Rows {
		if s.table.Rows[i].Holds(where) {
			rows = append(rows, int32(i))
		}
	}
	return rows
}

// enough tells whether rows have so much weight in each period that they can be judged: a row that stands for three counts as three.
func (s *sliceable) enough(rows []int32) bool {
	var before, now float64
	for _, r := range rows {
		before, now = before+s.counts[r][0], now+s.counts[r][1]
	}
	return before >= sliceRows && now >= sliceRows
}

// vector is what a slice comes to by day.
type vector struct{ rows, weight, residual []float64 }

func (s *sliceable) vector(rows []int32) vector {
	n := len(s.means)
	v := vector{make([]float64, n), make([]float64, n), make([]float64, n)}
	for _, r := range rows {
		for _, p := range s.parts[r] {
			v.rows[p.day] += float64(p.rows)
			v.weight[p.day] += p.weight
			v.residual[p.day] += p.residual
		}
	}
	return v
}

// deviations are what a slice lost beyond its own mean beside the others of its days, by day, in their standard deviation; they sum to 0.
// False where nothing varies. Source: section 6 of the design, U_s of "Slices".
func (v *vector) deviations() ([]float64, bool) {
	weight, residual := sum(v.weight), sum(v.residual)
	all := make([]float64, len(v.weight))
	square := 0.0
	for t := range all {
		all[t] = v.residual[t] - residual/weight*v.weight[t]
		square += all[t] * all[t]
	}
	if len(all) < 2 || square <= 0 {
		return nil, false
	}
	sd := math.Sqrt(square / float64(len(all)-1))
	for t := range all {
		all[t] /= sd
	}
	return all, true
}

// deviation is the sum of a slice's deviations over the window's days.
func (v *vector) deviation(nB int) (float64, bool) {
	all, ok := v.deviations()
	if !ok {
		return 0, false
	}
	return sum(all[nB:]), true
}

func sum(values []float64) (s float64) {
	for _, v := range values {
		s += v
	}
	return s
}

// spread is that of a slice's lift: the day values of each period are its mean residual and what the day is beside it, days being the
// clusters.
func (v *vector) spread(nB int) spread {
	period := func(from, to int) series {
		weight, residual := sum(v.weight[from:to]), sum(v.residual[from:to])
		var s series
		for t := from; t < to; t++ {
			mean := residual / weight
			s.add(Day(t), mean+(v.residual[t]-mean*v.weight[t])/(weight/float64(to-from)))
		}
		return s
	}
	return contrast(period(0, nB), period(nB, len(v.weight)))
}

// bonferroni is the one-sided p-value of a lift by its days, times the number of slices that were looked at.
func (v *vector) bonferroni(nB int, lift float64, slices int) *float64 {
	p := v.spread(nB).p(lift)
	if p == nil {
		return nil
	}
	return nineOf(math.Min(1, *p*float64(max(slices, 1))))
}

// tell describes a slice.
func (s *sliceable) tell(where []slicing.Predicate, v *vector) Slice {
	var out Slice
	for _, p := range where {
		c := &s.table.Columns[p.Column]
		out.Where = append(out.Where, SliceValue{c.Name, c.Values[p.Value]})
	}
	slices.SortFunc(out.Where, func(a, b SliceValue) int { return cmp.Compare(a.Name, b.Name) })
	out.Rows = int64(sum(v.rows[s.nB:]))
	weight, ofDays := sum(v.weight[s.nB:]), 0.0
	for t := s.nB; t < len(s.means); t++ {
		ofDays += s.means[t] * v.weight[t]
	}
	now, before := sum(v.residual[s.nB:])/weight, sum(v.residual[:s.nB])/sum(v.weight[:s.nB])
	out.Loss, out.Reference, out.Lift = nine(ofDays/weight+now), nine(ofDays/weight+before), nine(now-before)
	out.CI95 = v.spread(s.nB).around(now - before)
	return out
}

// family lists the deviations of all slices of up to so many predicates with enough rows, each set of rows once or more, and says how many they
// are; not whole where there are too many to look at.
func (s *sliceable) family(depth int) (n int, all [][]float64, whole bool) {
	whole = slicing.Every(&s.table, depth, s.enough, func(rows []int32) {
		n++
		v := s.vector(rows)
		if d, ok := v.deviations(); ok {
			all = append(all, d)
		}
	}, sliceBudget)
	return n, all, whole || depth == 1
}

// permuted gives, by seeded permutation of the labels of days, the largest sum of deviations over the days that are then the window's.
func permuted(family [][]float64, days, window int) []float64 {
	r := rand.New(rand.NewPCG(2, uint64(days)))
	order := make([]int, days)
	for i := range order {
		order[i] = i
	}
	maxima := make([]float64, shuffles)
	for k := range maxima {
		r.Shuffle(days, func(i, j int) { order[i], order[j] = order[j], order[i] })
		maxima[k] = math.Inf(-1)
		for _, deviations := range family {
			u := 0.0
			for _, t := range order[:window] {
				u += deviations[t]
			}
			maxima[k] = math.Max(maxima[k], u)
		}
	}
	return maxima
}
