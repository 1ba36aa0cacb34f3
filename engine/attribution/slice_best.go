package attribution

import (
	"cmp"
	"slices"

	"github.com/plumbline-data/plumbline/engine/slicing"
)

// best gives the best slices of each number of predicates, the best of all first, and how many predicates were looked at: what is best among
// those of many must not hide that which they are parts of.
func (s *sliceable) best() (all []slicing.Slice, deepest int) {
	search := slicing.Search{Alpha: sliceAlpha, Scale: s.loss, Most: sliceListed,
		Allow: func(where []slicing.Predicate) bool { return s.enough(s.rowsOf(where)) }}
	for search.Depth = 1; search.Depth <= sliceDepth; search.Depth++ {
		found, whole := search.Within(&s.table, sliceSearch)
		if !whole {
			break
		}
		deepest = search.Depth
		for _, one := range found {
			if !slices.ContainsFunc(all, func(other slicing.Slice) bool { return slices.Equal(other.Where, one.Where) }) {
				all = append(all, one)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b slicing.Slice) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(len(a.Where), len(b.Where)))
	})
	return all, deepest
}

// simplest leaves out slices that are parts of another one and whose lift may be no more than that of the whole: a few values more always find
// some rows that lost more by chance.
func simplest(all []candidateSlice) (kept []candidateSlice) {
	for _, c := range all {
		part := slices.ContainsFunc(all, func(whole candidateSlice) bool {
			return len(whole.where) < len(c.where) && !slices.ContainsFunc(whole.where, func(p slicing.Predicate) bool { return !slices.Contains(c.where, p) }) &&
				(c.CI95 == nil || c.CI95[0] <= whole.Lift)
		})
		if !part {
			kept = append(kept, c)
		}
	}
	return kept
}

// fold leaves out slices whose excess is for the most part that of one better slice.
func (s *sliceable) fold(best []slicing.Slice) (kept []slicing.Slice) {
	var members [][]bool // of those kept, by row
	for _, one := range best {
		rows := s.rowsOf(one.Where)
		again := slices.ContainsFunc(members, func(better []bool) bool {
			both := 0.0
			for _, r := range rows {
				if better[r] {
					both += s.table.Rows[r].Value
				}
			}
			return both >= sliceFolded*one.Value
		})
		if again {
			continue
		}
		in := make([]bool, len(s.table.Rows))
		for _, r := range rows {
			in[r] = true
		}
		kept, members = append(kept, one), append(members, in)
	}
	return kept
}
