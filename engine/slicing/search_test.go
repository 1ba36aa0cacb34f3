package slicing

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// random is a table of a few columns and rows, some of them without a value, whose measures are small whole numbers so that sums are exact.
func random(r *rand.Rand, signed bool) *Table {
	t := &Table{}
	for c := range 1 + r.IntN(5) {
		one := Column{Name: fmt.Sprint("c", c)}
		for v := range 1 + r.IntN(4) {
			one.Values = append(one.Values, fmt.Sprint(v))
		}
		t.Columns = append(t.Columns, one)
	}
	for range 1 + r.IntN(40) {
		row := Row{Weight: float64(1 + r.IntN(4)), Value: float64(r.IntN(9))}
		if signed {
			row.Value -= 4
		}
		for _, c := range t.Columns {
			row.Codes = append(row.Codes, int32(r.IntN(len(c.Values)+1)-1))
		}
		if r.IntN(2) == 0 && len(t.Columns) > 1 {
			row.Codes[1] = row.Codes[0] % int32(len(t.Columns[1].Values)) // columns that go together leave predicates to spare
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// brute scores every slice there is.
func brute(t *Table, s Search) (all []Slice) {
	total := 0.0
	for _, r := range t.Rows {
		total += r.Weight
	}
	held := func(where []Predicate) (n int) {
		for i := range t.Rows {
			if t.Rows[i].Holds(where) {
				n++
			}
		}
		return n
	}
	var grow func(where []Predicate, from int)
	grow = func(where []Predicate, from int) {
		for c := from; c < len(t.Columns) && len(where) < s.Depth; c++ {
			for v := range t.Columns[c].Values {
				longer := append(slices.Clone(where), Predicate{c, v})
				one := Slice{Where: longer}
				for i := range t.Rows {
					if t.Rows[i].Holds(longer) {
						one.Weight, one.Value = one.Weight+t.Rows[i].Weight, one.Value+t.Rows[i].Value
					}
				}
				grow(longer, c+1)
				if one.Weight == 0 || one.Weight < s.Least {
					continue
				}
				spare := false
				for i := range longer {
					spare = spare || held(slices.Delete(slices.Clone(longer), i, i+1)) == held(longer)
				}
				one.Score = s.score(total, one.Weight, one.Value)
				if one.Score > s.Above && (s.Spare || !spare) {
					all = append(all, one)
				}
			}
		}
	}
	grow(nil, 0)
	slices.SortFunc(all, compare)
	return all[:min(len(all), s.Most)]
}

func TestTop(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	found := 0
	for range 3000 {
		table := random(r, r.IntN(2) == 0)
		s := Search{Alpha: 0.5 + r.Float64()/2, Scale: 0.5 + r.Float64()*4, Shift: float64(r.IntN(2)), Least: float64(r.IntN(8)), Depth: 1 + r.IntN(4),
			Most: 1 + r.IntN(12), Above: []float64{math.Inf(-1), 0}[r.IntN(2)], Spare: r.IntN(2) == 0}
		got, want := s.Top(table), brute(table, s)
		found += len(got)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%+v of %+v:\n got %v\nwant %v", s, table, got, want)
		}
	}
	if found < 5000 {
		t.Errorf("only %d slices were held against one another", found)
	}
}

// TestTopWeights: a row of weight 3 is three rows.
func TestTopWeights(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		table := random(r, true)
		s := Search{Alpha: 0.9, Scale: 2, Depth: 3, Most: 8, Above: math.Inf(-1)}
		split := &Table{Columns: table.Columns}
		for _, row := range table.Rows {
			for range int(row.Weight) {
				split.Rows = append(split.Rows, Row{Codes: row.Codes, Weight: 1, Value: row.Value / row.Weight})
			}
		}
		got, want := s.Top(split), s.Top(table)
		if len(got) != len(want) {
			t.Fatalf("%d slices of single rows, %d of weighted ones", len(got), len(want))
		}
		for i := range got {
			if math.Abs(got[i].Score-want[i].Score) > 1e-9 {
				t.Errorf("%v of single rows, %v of weighted ones", got[i], want[i])
			}
		}
	}
}

// wide is a table as a large loop has: many cells, 30 columns of up to 200 values, and one bad conjunction of three.
func wide(rows int) *Table {
	r := rand.New(rand.NewPCG(1, 2))
	t := &Table{}
	for c := range 30 {
		one := Column{Name: fmt.Sprint("c", c)}
		for v := range []int{2, 3, 5, 8, 20, 200}[c%6] {
			one.Values = append(one.Values, fmt.Sprint(v))
		}
		t.Columns = append(t.Columns, one)
	}
	for range rows {
		row := Row{Weight: float64(1 + r.IntN(20))}
		for _, c := range t.Columns {
			row.Codes = append(row.Codes, int32(float64(len(c.Values))*math.Pow(r.Float64(), 2)))
		}
		row.Value = row.Weight * r.ExpFloat64() * 0.4
		if row.Codes[2] == 0 && row.Codes[9] == 0 && row.Codes[16] == 1 {
			row.Value += row.Weight * 2
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// wideSearch is such a table and a search of it, with SliceLine's score.
func wideSearch(rows int) (*Table, Search) {
	table := wide(rows)
	all, value := 0.0, 0.0
	for i := range table.Rows {
		all, value = all+table.Rows[i].Weight, value+table.Rows[i].Value
	}
	return table, Search{Alpha: 0.95, Scale: value / all, Shift: 1, Least: all / 100, Depth: 4, Most: 20}
}

// TestTopWide finds the conjunction.
func TestTopWide(t *testing.T) {
	table, s := wideSearch(20_000)
	got := s.Top(table)
	if len(got) == 0 || fmt.Sprint(got[0].Where) != "[{2 0} {9 0} {16 1}]" {
		t.Fatalf("%v", got)
	}
}

// TestWithin: what a budget does not reach is not whole, and one that reaches all is Top.
func TestWithin(t *testing.T) {
	table, s := wideSearch(2_000)
	if _, whole := s.Within(table, 100_000); whole {
		t.Error("whole within less than one look at each column of each value")
	}
	best, whole := s.Within(table, 1<<40)
	if !whole || fmt.Sprint(best) != fmt.Sprint(s.Top(table)) {
		t.Errorf("whole %v: %v", whole, best)
	}
}

func BenchmarkTop(b *testing.B) {
	table, s := wideSearch(100_000)
	for b.Loop() {
		s.Top(table)
	}
}
