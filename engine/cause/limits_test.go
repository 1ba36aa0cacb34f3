package cause

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

func TestRoundestBetween(t *testing.T) {
	for _, tt := range []struct {
		low, high, want float64
		atHigh          bool
	}{
		{14, 15, 15, true}, {15, 16, 15, false}, {12.5, 17, 15, false}, {0, 1, 0, false}, {-1, 0, 0, true}, {-5, -3, -5, false}, {-7, -3, -5, false},
		{37, 47, 40, false}, {88, 112, 100, false}, {0.31, 0.34, 0.32, false}, {1e-4, 2e-4, 2e-4, true}, {1e9 + 1, 1e9 + 3, 1e9 + 2, false},
		{2.5000001, 2.5000002, 2.5000002, true}, {-0.5, 0.5, 0, false},
	} {
		if at, atHigh := roundestBetween(tt.low, tt.high); at != tt.want || atHigh != tt.atHigh {
			t.Errorf("between %v and %v: %v (high: %v), want %v (%v)", tt.low, tt.high, at, atHigh, tt.want, tt.atHigh)
		}
	}
}

// TestLimits: of windows of random rows that were kept on one side of a limit, and of some that were kept by others, a limit is
// found that as many windows agree with as it says, and those of the one limit at least: none between two rows of them that it
// does not part.
func TestLimits(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for n := range 500 {
		at, above := float64(rng.IntN(400))/4, rng.IntN(2) == 0
		var sides []Side
		for range 10 + rng.IntN(50) {
			s := Side{Column: 3, Above: above, Low: -100, High: 200}
			for range 8 {
				if v := float64(rng.IntN(400)) / 4; v < at || v == at && !above {
					s.Low = max(s.Low, v)
				} else {
					s.High = min(s.High, v)
				}
			}
			sides = append(sides, s)
		}
		told := len(sides)
		for range told / 4 {
			low := float64(rng.IntN(400)) / 4
			sides = append(sides, Side{Column: 3, Above: above, Low: low, High: low + 0.25})
		}
		rng.Shuffle(len(sides), func(i, j int) { sides[i], sides[j] = sides[j], sides[i] })
		limits := Limits(sides, int64(len(sides)))
		if len(limits) != 1 || limits[0].Rows < told {
			t.Fatalf("world %d: %+v, want one that %d windows agree with", n, limits, told)
		}
		l := limits[0]
		keeps := func(v float64) bool {
			return map[string]bool{">": v > l.At, ">=": v >= l.At, "<": v < l.At, "<=": v <= l.At}[l.Sign]
		}
		agree := 0
		for _, s := range sides {
			if keeps(s.High) == above && keeps(s.Low) != above {
				agree++
			}
		}
		if agree != l.Rows {
			t.Fatalf("world %d: %d windows agree with %s, which says %d", n, agree, l.Text("v"), l.Rows)
		}
	}
}

func TestFewLimits(t *testing.T) {
	side := func(column int, above bool, low, high float64) Side {
		return Side{Column: column, Above: above, Low: low, High: high}
	}
	two := []Side{side(1, true, 1, 2), side(1, true, 1, 2)}
	if got := Limits(two, 2); len(got) != 0 {
		t.Errorf("two windows tell %+v", got)
	}
	if got := Limits(append(two, side(1, true, 5, 5), side(1, false, 1, 2), side(2, true, 1, 2)), 5); len(got) != 0 {
		t.Errorf("windows of three limits tell %+v", got)
	}
	three := append(two, side(1, true, 1.5, 9))
	if got := Limits(three, 16); len(got) != 0 {
		t.Errorf("three windows of 16 tell %+v", got)
	}
	if got := Limits(three, 15); len(got) != 1 || got[0].Text("x") != "x >= 2" {
		t.Errorf("three windows tell %+v", got)
	}
}

// TestCutoffsOf draws how late the rows of windows came in: the cutoff that left some out is found between the delays that tell it,
// whatever windows say that were served something else.
func TestCutoffsOf(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	f := &Feature{Name: "f", Windowed: true, Known: true, Aggregate: "avg"}
	const minute = float64(time.Minute / time.Microsecond)
	for n := range 200 {
		kind := []string{"after", "deadline"}[n%2]
		cut := float64(1+rng.IntN(60)) * minute
		var sides []Side
		for i := range 20 {
			low, high := 1.0, 120*minute
			for range 30 {
				if v := math.Floor(rng.Float64() * 120 * minute); v <= cut {
					low = max(low, v)
				} else {
					high = min(high, v)
				}
			}
			if i%4 == 3 { // what else would give it
				low = math.Floor(rng.Float64() * 100 * minute)
				high = low + 1000
			}
			sides = append(sides, Side{Kind: kind, Low: low, High: high})
		}
		got := f.CutoffsOf(sides, 20)
		if len(got) != 1 {
			t.Fatalf("draw %d: %d cutoffs of one kind", n, len(got))
		}
		d := got[0].Reading.Late + got[0].Reading.Deadline
		if found := float64(d.Microseconds()); (got[0].Reading.Late > 0) != (kind == "after") || math.Abs(found-cut) > 3*minute || d%time.Second != 0 {
			t.Errorf("draw %d: %v %s, want %v", n, d, kind, time.Duration(cut)*time.Microsecond)
		}
		if few := f.CutoffsOf(sides[:2], 20); len(few) != 0 {
			t.Errorf("draw %d: two windows tell %+v", n, few)
		}
	}
}
