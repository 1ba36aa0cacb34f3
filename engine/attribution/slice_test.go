package attribution

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// slicy is 35 days of cells over five origins, two versions and radar ages, each day with a shock of its own of lag-1 correlation .35; rows of
// hit lose so much more in the window.
func slicy(t testing.TB, seed uint64, more float64, hit func(origin, version string, age uint16) bool) *Cube {
	r := rand.New(rand.NewPCG(seed, 11))
	b := newBuilder(t)
	shock := 0.0
	for d := boundary - 35; d < boundary; d++ {
		shock = 0.35*shock + math.Sqrt(1-0.35*0.35)*r.NormFloat64()*0.1
		for _, origin := range []string{"a", "b", "c", "d", "e"} {
			for _, version := range []string{"v1", "v2"} {
				for age := range uint16(3) {
					loss := 0.5 + 0.1*float64(age) + shock + r.NormFloat64()*0.05
					if d >= boundary-7 && hit(origin, version, age) {
						loss += more
					}
					b.add(rows{day: d, n: 20 + r.Int64N(20), loss: math.Round(loss*1e6) / 1e6, segment: origin, version: version, codes: map[int]uint16{radarAge: age}})
				}
			}
		}
	}
	return b.cube
}

// slicesIn are the slices alone, without notes.
func slicesIn(x *Index, q Question) []Slice {
	told, _ := x.Slices(q)
	return told
}

func never(string, string, uint16) bool { return false }

func TestSlicesPlanted(t *testing.T) {
	conjunction := func(origin, version string, age uint16) bool { return origin == "c" && version == "v2" && age == 1 }
	for name, test := range map[string]struct {
		hit  func(origin, version string, age uint16) bool
		more float64
		want string
	}{
		"three values": {conjunction, 0.5, "[{origin c} {radar.staleness hours} {version v2}]"},
		"one value":    {func(_, _ string, age uint16) bool { return age == 2 }, 0.2, "[{radar.staleness days}]"},
		"one origin":   {func(origin, _ string, _ uint16) bool { return origin == "e" }, 0.2, "[{origin e}]"},
	} {
		got := slicesIn(NewIndex(slicy(t, 3, test.more, test.hit)), question())
		if len(got) != 1 || fmt.Sprint(got[0].Where) != test.want {
			t.Errorf("%s: %+v, want %s alone", name, got, test.want)
			continue
		}
		// The day's mean rises by what the slice's rows bring to it, so that beside it the slice lost a little less more.
		s := got[0]
		if s.Lift < 0.6*test.more || s.Lift > 1.1*test.more || s.CI95[0] > s.Lift || s.CI95[1] < s.Lift || math.Abs(s.Loss-s.Reference-s.Lift) > 2e-9 {
			t.Errorf("%s: %+v, want a lift near %v", name, s, test.more)
		}
	}
}

// TestSlicesNull: where nothing is planted a slice is told in one cube of a hundred, for a rate of a hundredth.
func TestSlicesNull(t *testing.T) {
	told := 0
	const cubes = 150
	for seed := range uint64(cubes) {
		if len(slicesIn(NewIndex(slicy(t, 100+seed, 0, never)), question())) > 0 {
			told++
		}
	}
	if told > 6 { // above 6 by chance in 1 of 1000
		t.Errorf("%d of %d cubes without a slice tell one", told, cubes)
	}
}

func TestSlicesOrder(t *testing.T) {
	cube := slicy(t, 5, 0.3, func(origin, _ string, age uint16) bool { return origin == "b" && age == 0 })
	want := slicesIn(NewIndex(cube), question())
	if len(want) == 0 {
		t.Fatal("none")
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 4 {
		if diff := cmp.Diff(want, slicesIn(NewIndex(shuffled(cube, r)), question())); diff != "" {
			t.Fatal(diff)
		}
	}
	if diff := cmp.Diff(want, slicesIn(NewIndex(split(cube, r)), question()), cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-6 })); diff != "" {
		t.Fatal(diff)
	}
}

// TestSliceFigures holds a slice's figures against sums over its cells.
func TestSliceFigures(t *testing.T) {
	cube := slicy(t, 9, 0.4, func(origin, _ string, _ uint16) bool { return origin == "d" })
	got := slicesIn(NewIndex(cube), question())
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	mean := func(from, to Day, origin string) (loss, weight float64, rows int64) {
		for _, c := range cube.Cells {
			if c.Age != AgePredicted && c.Day >= from && c.Day < to && (origin == "" || cube.Segments[c.Segment][0] == origin) {
				loss, weight, rows = loss+c.Loss.Float(), weight+c.Weight.Float(), rows+c.Rows
			}
		}
		return loss, weight, rows
	}
	loss, weight, n := mean(boundary-7, boundary, "d")
	beside := func(from, to Day) float64 { // mean residual
		sum, of := 0.0, 0.0
		for d := from; d < to; d++ {
			all, w, _ := mean(d, d+1, "")
			own, v, _ := mean(d, d+1, "d")
			sum, of = sum+own-all/w*v, of+v
		}
		return sum / of
	}
	lift := beside(boundary-7, boundary) - beside(boundary-35, boundary-7)
	s := got[0]
	if s.Rows != n || math.Abs(s.Loss-loss/weight) > 1e-8 || math.Abs(s.Lift-lift) > 1e-8 {
		t.Errorf("%+v, want %d rows, a loss of %v and a lift of %v", s, n, loss/weight, lift)
	}
}

// TestSlicesFew: of two days no labels are shuffled; the p-value of the lift counts once for each slice.
func TestSlicesFew(t *testing.T) {
	q := question()
	q.Window = 2
	q.Baseline = BaselineSpec{From: boundary - 35, To: boundary - 7}
	q.AsOf = boundary.Start().Add(40 * 24 * time.Hour)
	cube := slicy(t, 4, 0.8, func(origin, _ string, _ uint16) bool { return origin == "d" })
	got := slicesIn(NewIndex(cube), q)
	if len(got) == 0 || fmt.Sprint(got[0].Where) != "[{origin d}]" || *got[0].Q > 0.01 {
		t.Errorf("two days: %+v", got)
	}
	for name, cube := range map[string]*Cube{"nothing": {}, "nil": nil, "one day": newBuilder(t).add(rows{day: boundary - 1, n: 3, loss: 0.5}).cube} {
		if got := slicesIn(NewIndex(cube), q); got != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestSlicesWait: a day of the window without an outcome says nothing, and its neighbours what they say without it.
func TestSlicesWait(t *testing.T) {
	cube := slicy(t, 3, 0.3, func(origin, _ string, _ uint16) bool { return origin == "e" })
	for i := range cube.Cells {
		if c := &cube.Cells[i]; c.Day == boundary-1 && c.Age != AgePredicted {
			*c = Cell{Day: c.Day, Age: AgePredicted, Version: c.Version, Segment: c.Segment, Fingerprint: c.Fingerprint}
		}
	}
	got := slicesIn(NewIndex(cube), question())
	if len(got) != 1 || fmt.Sprint(got[0].Where) != "[{origin e}]" || math.IsNaN(got[0].Reference) || math.Abs(got[0].Loss-got[0].Reference-got[0].Lift) > 2e-9 {
		t.Errorf("%+v", got)
	}
}

func BenchmarkSlices(b *testing.B) {
	x := NewIndex(slicy(b, 3, 0.5, func(origin, _ string, _ uint16) bool { return origin == "c" }))
	for b.Loop() {
		x.Slices(question())
	}
}

// TestSlicesAmongManyColumns: a slice of one value is told beside two dozen columns that say nothing, alone.
func TestSlicesAmongManyColumns(t *testing.T) {
	const columns = 24
	r := rand.New(rand.NewPCG(7, 3))
	b := newBuilder(t)
	b.cube.SegmentNames = nil
	for k := range columns {
		b.cube.SegmentNames = append(b.cube.SegmentNames, fmt.Sprintf("s%02d", k))
	}
	for d := boundary - 35; d < boundary; d++ {
		shock := 0.05 * r.NormFloat64()
		for range 120 {
			values := make([]string, columns)
			for k := range values {
				values[k] = fmt.Sprintf("x%d", r.IntN(3))
			}
			loss := 0.5 + shock + 0.3*r.ExpFloat64()
			if d >= boundary-7 && values[1] == "x1" {
				loss += 0.5
			}
			cell := Cell{Day: d, Segment: int32(len(b.cube.Segments))}
			b.cube.Segments = append(b.cube.Segments, values)
			predicted, known := cell, cell
			predicted.Age, predicted.Predictions = AgePredicted, 1
			known.Rows, known.Weight, known.Loss = 1, FixedOfInt(1), FixedOf(math.Round(loss*1e6)/1e6)
			b.cube.Cells = append(b.cube.Cells, predicted, known)
		}
		b.cube.Closed[d] = true
	}
	b.cube.Versions, b.cube.Fingerprints = []string{""}, [][]uint64{b.layout.Pack(make([]uint16, len(b.layout.Conditions)))}
	told, notes := NewIndex(b.cube).Slices(question())
	if len(told) == 0 || fmt.Sprint(told[0].Where) != "[{s01 x1}]" || len(told) > 2 {
		t.Errorf("%d slices, %+v", len(told), told)
	}
	if len(notes) != 1 || !strings.HasPrefix(notes[0], "slices: those of more than ") {
		t.Errorf("notes %q", notes)
	}
}

// TestSliceWeights: rows that stand for three are told as three rows are.
func TestSliceWeights(t *testing.T) {
	build := func(times int64, weight float64) *Index {
		r := rand.New(rand.NewPCG(5, 5))
		b := newBuilder(t)
		for d := boundary - 35; d < boundary; d++ {
			for _, origin := range []string{"a", "b", "c", "d"} {
				loss := math.Round((0.5+0.05*r.NormFloat64())*1e6) / 1e6
				if d >= boundary-7 && origin == "b" {
					loss += 0.3
				}
				b.add(rows{day: d, n: times * (3 + r.Int64N(2)), loss: loss, segment: origin, weight: weight})
			}
		}
		return NewIndex(b.cube)
	}
	weighted, repeated := slicesIn(build(1, 3), question()), slicesIn(build(3, 0), question())
	if len(repeated) != 1 {
		t.Fatalf("%+v", repeated)
	}
	if diff := cmp.Diff(repeated, weighted, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Rows" }, cmp.Ignore())); diff != "" {
		t.Error(diff)
	}
}
