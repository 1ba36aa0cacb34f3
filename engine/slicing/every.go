package slicing

// Every visits all slices of up to some predicates whose rows are enough, each set of rows of a table by their places. Enough must not
// hold of a set of rows if it does not of one that has them all. It is false where more than budget rows would have to be looked at: then
// some slices were not visited.
func Every(t *Table, depth int, enough func(rows []int32) bool, visit func(rows []int32), budget int) bool {
	w := walker{columns: columnsInOrder(t), depth: depth, enough: enough, visit: visit, left: budget}
	rows := make([]int32, len(t.Rows))
	for i := range rows {
		rows[i] = int32(i)
	}
	w.walk(rows, 0, 0)
	return w.left >= 0
}

// columnsInOrder are the codes of a table by column.
func columnsInOrder(t *Table) (codes [][]int32) {
	for c := range t.Columns {
		of := make([]int32, len(t.Rows))
		for i := range t.Rows {
			of[i] = t.Rows[i].Codes[c]
		}
		codes = append(codes, of)
	}
	return codes
}

type walker struct {
	columns [][]int32
	depth   int
	enough  func([]int32) bool
	visit   func([]int32)
	left    int
}

// walk visits the slices that add predicates on columns from one on to so many.
func (w *walker) walk(rows []int32, from, predicates int) {
	for c := from; c < len(w.columns); c++ {
		if w.left -= len(rows); w.left < 0 {
			return
		}
		for _, part := range w.parted(rows, c) {
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

// parted gives the rows of each value of a column.
func (w *walker) parted(rows []int32, c int) [][]int32 {
	most := int32(-1)
	for _, r := range rows {
		most = max(most, w.columns[c][r])
	}
	parts := make([][]int32, most+1)
	for _, r := range rows {
		if v := w.columns[c][r]; v >= 0 {
			parts[v] = append(parts[v], r)
		}
	}
	return parts
}
