package slicing

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// Top gives the best slices, best first; of equal scores those of fewer predicates, then of earlier columns and values. It is exact: no
// slice that is left out has a higher score.
func (s Search) Top(t *Table) []Slice {
	best, _ := s.Within(t, math.MaxInt)
	return best
}

// Within is Top where so many rows are enough to look at, each as often as it is looked at; it is not whole where they are not, and what it
// then gives need not be the best.
func (s Search) Within(t *Table, budget int) (best []Slice, whole bool) {
	f := &finder{Search: s, columns: columnsOf(t), left: budget}
	if s.Depth < 1 || s.Most < 1 || f.all <= 0 {
		return nil, true
	}
	every := make([]column, len(t.Columns))
	for c := range every {
		every[c].at = c
	}
	// Slices are reached by the column of the most values first: few rows are left to be looked at by all others.
	slices.SortStableFunc(every, func(a, b column) int { return cmp.Compare(f.sizes[b.at], f.sizes[a.at]) })
	f.expand(nil, places(len(t.Rows)), every)
	slices.SortFunc(f.best, compare)
	return f.best, f.left >= 0
}

// score is that of a slice of a weight and a sum.
func (s *Search) score(all, weight, value float64) float64 {
	return s.Alpha*(value/weight/s.Scale-s.Shift) - (1-s.Alpha)*(all/weight-1)
}

// finder is one search.
type finder struct {
	Search
	*columns
	best worstFirst // the best so far
	left int        // rows that may still be looked at
}

// compare puts better slices first.
func compare(a, b Slice) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(len(a.Where), len(b.Where)), slices.CompareFunc(a.Where, b.Where, comparePredicates))
}

func comparePredicates(p, q Predicate) int {
	return cmp.Or(cmp.Compare(p.Column, q.Column), cmp.Compare(p.Value, q.Value))
}

// floor is the score below which a slice is not among the best.
func (f *finder) floor() float64 {
	if len(f.best) < f.Most {
		return f.Above
	}
	return math.Max(f.Above, f.best[0].Score)
}

// offer keeps a slice that is among the best so far.
func (f *finder) offer(where []Predicate, p Predicate, n *node) {
	if n.score <= f.Above || n.score < f.floor() || len(where) > 0 && !f.Spare && f.spares(where, p) {
		return
	}
	s := Slice{Where: append(slices.Clone(where), p), Weight: n.weight, Value: n.value, Score: n.score}
	slices.SortFunc(s.Where, comparePredicates)
	if f.Allow != nil && !f.Allow(s.Where) {
		return
	}
	if len(f.best) < f.Most {
		heap.Push(&f.best, s)
	} else if compare(s, f.best[0]) <= 0 {
		f.best[0] = s
		heap.Fix(&f.best, 0)
	}
}

// worstFirst is slices as a heap.
type worstFirst []Slice

func (w worstFirst) Len() int           { return len(w) }
func (w worstFirst) Less(i, j int) bool { return compare(w[i], w[j]) > 0 }
func (w worstFirst) Swap(i, j int)      { w[i], w[j] = w[j], w[i] }
func (w *worstFirst) Push(s any)        { *w = append(*w, s.(Slice)) }
func (w *worstFirst) Pop() any          { panic("no slice is taken off") }

// spares tells whether a slice would hold the same rows without one of where.
func (f *finder) spares(where []Predicate, last Predicate) bool {
	apart := make([]int, len(where)) // rows that one predicate alone keeps out
	for r, v := range f.codes[last.Column] {
		if v != int32(last.Value) {
			continue
		}
		fails, which := 0, 0
		for i, p := range where {
			if f.codes[p.Column][r] != int32(p.Value) {
				fails, which = fails+1, i
			}
		}
		if fails == 1 {
			apart[which]++
		}
	}
	return slices.Contains(apart, 0)
}

// node is what the rows of a slice come to.
type node struct {
	rows   int
	weight float64
	value  float64
	score  float64
	bound  float64 // that no slice within it exceeds, were any set of its rows one
	open   bool    // slices of more predicates may be worth looking at
}

// Of a weight w no rows have more value than those of the highest means, V(w) in all, part of a row where it does not come out even. V is
// concave, and between two rows (alpha V(w) / scale - (1 - alpha) all) / w is monotonous in w: the greatest score from Least up is that at
// Least or after some row.

// widen takes the newest row of a node into its bound, of a weight of Least or more; rows come in the order of means. Before and was are weight
// and value without it.
func (f *finder) widen(n *node, before, was float64) {
	b := f.Search.score(f.all, n.weight, n.value)
	if before < f.Least {
		part := (f.Least - before) / (n.weight - before)
		n.bound = math.Max(b, f.Search.score(f.all, f.Least, was+part*(n.value-was)))
	} else if n.rows == 1 || b > n.bound {
		n.bound = b
	}
}

// rounding is by how much a bound is widened: sums in another order differ by less.
const rounding = 1e-9

// column is the values of a column under some predicates.
type column struct {
	at    int
	nodes []node
	best  float64 // bound among those that are open
	open  bool
}

// expand looks at all slices that add predicates on some columns to where, whose rows are given.
func (f *finder) expand(where []Predicate, rows []int32, among []column) {
	last := len(where)+1 == f.Depth
	next := make([]column, 0, len(among))
	for k := range among {
		if f.left -= len(rows); f.left < 0 {
			return
		}
		one := column{at: among[k].at, nodes: f.scan(rows, among[k].at, !last), best: math.Inf(-1)}
		for v := range one.nodes {
			n := &one.nodes[v]
			above := len(where) == 0 || among[k].nodes[v].open && among[k].nodes[v].bound >= f.floor()
			if !above || n.rows == 0 || n.weight < f.Least || n.rows == len(rows) && !f.Spare {
				continue // of all rows given a predicate is to spare, and so it is in all slices below
			}
			n.score = f.Search.score(f.all, n.weight, n.value)
			f.offer(where, Predicate{one.at, v}, n)
			if n.open = !last; n.open {
				n.bound += rounding * (1 + math.Abs(n.bound))
				one.open, one.best = true, math.Max(one.best, n.bound)
			}
		}
		if one.open && one.best >= f.floor() {
			next = append(next, one)
		}
	}
	for k := range next {
		if f.left >= 0 && next[k].best >= f.floor() && k+1 < len(next) {
			f.descend(where, rows, &next[k], next[k+1:])
		}
	}
}

// descend expands the values of a column, the most promising first, by predicates on later ones.
func (f *finder) descend(where []Predicate, rows []int32, of *column, later []column) {
	var order []int
	for v := range of.nodes {
		if n := &of.nodes[v]; n.open && n.bound >= f.floor() {
			order = append(order, v)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(of.nodes[b].bound, of.nodes[a].bound) })
	parts := parted(rows, f.codes[of.at], f.sizes[of.at])
	for _, v := range order {
		if f.left >= 0 && of.nodes[v].bound >= f.floor() {
			f.expand(append(where[:len(where):len(where)], Predicate{of.at, v}), parts[v], later)
		}
	}
}

// scan sums some rows up by the value of a column, with bounds where they are asked for.
func (f *finder) scan(rows []int32, c int, bounded bool) []node {
	nodes := make([]node, f.sizes[c])
	codes := f.codes[c]
	for _, r := range rows {
		v := codes[r]
		if v < 0 {
			continue
		}
		n := &nodes[v]
		before, was := n.weight, n.value
		n.rows++
		n.weight += f.weight[r]
		n.value += f.value[r]
		if bounded && n.weight >= f.Least {
			f.widen(n, before, was)
		}
	}
	return nodes
}
