// Package slicing finds the slices of a table, sets of rows that share a value in each of a few columns, in which a measure is
// worst: all of them, by a search of the lattice that leaves out only what cannot be among the best.
package slicing

import (
	"cmp"
	"slices"
)

// Table is rows, or cells that each stand for several rows that are alike.
type Table struct {
	Columns []Column
	Rows    []Row
}

// Column names a column and its values.
type Column struct {
	Name   string
	Values []string
}

// Row is one row or cell. Value may have either sign.
type Row struct {
	Codes  []int32 // by column: index into its values; below 0 it has none
	Weight float64 // how many rows it stands for, above 0
	Value  float64 // sum of the measure over them: a loss, or the numerator of a rate
}

// Predicate asks for one value of one column.
type Predicate struct{ Column, Value int }

// Slice is the rows that pass all of its predicates.
type Slice struct {
	Where  []Predicate // ascending by column
	Weight float64
	Value  float64
	Score  float64
}

// Search says which slices are the best: those of the highest score
//
//	alpha ((value / weight) / scale - shift) - (1 - alpha) (all / weight - 1)
//
// where all is the weight of the table. With the mean of the table as scale and shift 1 this is the score of Sagadeeva and Boehm,
// "SliceLine: Fast, Linear-Algebra-based Slice Finding for ML Model Debugging", SIGMOD 2021.
type Search struct {
	Alpha float64 // of (0, 1]: how much a mean counts beside a size
	Scale float64 // above 0
	Shift float64
	Least float64                      // weight that a slice must have
	Depth int                          // predicates of a slice, at most
	Most  int                          // slices
	Above float64                      // score that a slice must be above
	Allow func(where []Predicate) bool // nil: all slices; what it refuses is left out
	Spare bool                         // keep slices too that would hold the same rows with a predicate less
}

// columns is a table by column, the rows of the highest means first.
type columns struct {
	codes         [][]int32
	sizes         []int // values by column
	weight, value []float64
	all           float64
}

func columnsOf(t *Table) *columns {
	order := places(len(t.Rows))
	slices.SortStableFunc(order, func(a, b int32) int {
		return cmp.Compare(t.Rows[b].Value/t.Rows[b].Weight, t.Rows[a].Value/t.Rows[a].Weight)
	})
	c := &columns{codes: t.codes(order), sizes: t.sizes()}
	for _, at := range order {
		r := &t.Rows[at]
		c.weight, c.value = append(c.weight, r.Weight), append(c.value, r.Value)
		c.all += r.Weight
	}
	return c
}

// places are 0 to n - 1.
func places(n int) []int32 {
	all := make([]int32, n)
	for i := range all {
		all[i] = int32(i)
	}
	return all
}

// codes gives the codes of rows in an order, by column.
func (t *Table) codes(order []int32) [][]int32 {
	codes := make([][]int32, len(t.Columns))
	for c := range codes {
		codes[c] = make([]int32, len(order))
		for i, at := range order {
			codes[c][i] = t.Rows[at].Codes[c]
		}
	}
	return codes
}

// sizes counts the values of each column.
func (t *Table) sizes() (sizes []int) {
	for _, c := range t.Columns {
		sizes = append(sizes, len(c.Values))
	}
	return sizes
}

// parted gives those of some rows that have each of so many values, in their order, by the codes of a column.
func parted(rows, codes []int32, values int) [][]int32 {
	starts := make([]int, values+1)
	for _, r := range rows {
		if v := codes[r]; v >= 0 {
			starts[v+1]++
		}
	}
	for v := range values {
		starts[v+1] += starts[v]
	}
	all, next := make([]int32, starts[values]), slices.Clone(starts)
	for _, r := range rows {
		if v := codes[r]; v >= 0 {
			all[next[v]] = r
			next[v]++
		}
	}
	parts := make([][]int32, values)
	for v := range parts {
		parts[v] = all[starts[v]:starts[v+1]]
	}
	return parts
}

// Holds tells whether a row is in a slice.
func (r *Row) Holds(where []Predicate) bool {
	for _, p := range where {
		if r.Codes[p.Column] != int32(p.Value) {
			return false
		}
	}
	return true
}
