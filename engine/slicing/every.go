package slicing

// Every visits all slices of up to some predicates whose rows are enough, each set of rows of a table by their places. Enough must not
// hold of a set of rows if it does not of one that has them all. It is false where more than budget rows would have to be looked at: then
// some slices were not visited.
func Every(t *Table, depth int, enough func(rows []int32) bool, visit func(rows []int32), budget int) bool {
	rows := places(len(t.Rows))
	w := walker{codes: t.codes(rows), sizes: t.sizes(), depth: depth, enough: enough, visit: visit, left: budget}
	w.walk(rows, 0, 0)
	return w.left >= 0
}

type walker struct {
	codes  [][]int32
	sizes  []int
	depth  int
	enough func([]int32) bool
	visit  func([]int32)
	left   int
}

// walk visits the slices that add predicates on columns from one on to so many.
func (w *walker) walk(rows []int32, from, predicates int) {
	for c := from; c < len(w.codes); c++ {
		if w.left -= len(rows); w.left < 0 {
			return
		}
		for _, part := range parted(rows, w.codes[c], w.sizes[c]) {
			// Of all rows given the predicate is to spare: without it the slices below are visited too.
			if len(part) == 0 || len(part) == len(rows) && predicates > 0 || !w.enough(part) {
				continue
			}
			w.visit(part)
			if predicates+1 < w.depth {
				w.walk(part, c+1, predicates+1)
			}
		}
	}
}
