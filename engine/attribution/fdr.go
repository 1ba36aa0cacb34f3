package attribution

import (
	"cmp"
	"slices"
)

// benjaminiHochberg gives the q-value of each p-value: the least false discovery rate at which it would be called.
// Source: Benjamini and Hochberg 1995, JRSS B 57(1).
func benjaminiHochberg(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	q := make([]float64, len(p))
	least := 1.0
	for k := len(order) - 1; k >= 0; k-- {
		i := order[k]
		least = min(least, p[i]*float64(len(p))/float64(k+1))
		q[i] = least
	}
	return q
}
