package attribution

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Of two strata, affected rows 1, 3 | 5 and controls 1, 1, 1 | 3, 7: the means are 3 and (2*1 + 1*5)/3 = 7/3, the variances 8/3 and
// (2*1 + 1*29)/3 - 49/9 = 44/9.
func TestApart(t *testing.T) {
	moments := func(values ...float64) (m Moments) {
		for _, v := range values {
			m.Weight, m.Sum, m.Squares = m.Weight+1, m.Sum+v, m.Squares+v*v
		}
		return m
	}
	strata := []Stratum{{moments(1, 3), moments(1, 1, 1)}, {moments(5), moments(3, 7)}}
	want := (3 - 7.0/3) / math.Sqrt((8.0/3+44.0/9)/2)
	wantNear(t, "apart", Apart(strata), want, 1e-12)
	lonely := append(slices.Clone(strata), Stratum{Affected: moments(99)}, Stratum{Controls: moments(-99, 5)})
	wantNear(t, "with strata of one side", Apart(lonely), want, 1e-12)
	wantNear(t, "nothing to compare", Apart([]Stratum{{Affected: moments(1)}}), 0, 0)
	wantNear(t, "the same constant", Apart([]Stratum{{moments(2, 2), moments(2)}}), 0, 0)
	if apart := Apart([]Stratum{{moments(2, 2), moments(3)}}); !math.IsInf(apart, 1) {
		t.Errorf("two constants are %v apart", apart)
	}
}

// The difference is that of rows that are drawn one by one, controls as often as affected rows of their stratum, whatever the order, the unit
// and the zero of the covariate.
func TestApartEqualsRows(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 5))
		strata, moved := make([]Stratum, 6), make([]Stratum, 6)
		var affected, controls [][]float64
		for s := range strata {
			var sides [2][]float64
			for side := range sides {
				for range r.IntN(9) {
					v, w := r.NormFloat64()+float64(s), float64(1+r.IntN(3))
					sides[side] = append(sides[side], slices.Repeat([]float64{v}, int(w))...)
					for k, scale := range []float64{1, -7} {
						m := &[]*[]Stratum{&strata, &moved}[k]
						at := &(**m)[s].Affected
						if side == 1 {
							at = &(**m)[s].Controls
						}
						x := scale*v + float64(k)*3
						at.add(Moments{w, w * x, w * x * x}, 1)
					}
				}
			}
			affected, controls = append(affected, sides[0]), append(controls, sides[1])
		}
		var a, c []float64
		var weights []float64
		for s := range strata {
			if len(affected[s]) == 0 || len(controls[s]) == 0 {
				continue
			}
			a = append(a, affected[s]...)
			for _, v := range controls[s] {
				c, weights = append(c, v), append(weights, float64(len(affected[s]))/float64(len(controls[s])))
			}
		}
		spread := func(values, weights []float64) (mean, variance float64) {
			n := 0.0
			for i, v := range values {
				n, mean = n+weights[i], mean+weights[i]*v
			}
			for i, v := range values {
				variance += weights[i] * (v - mean/n) * (v - mean/n) / n
			}
			return mean / n, variance
		}
		meanA, varianceA := spread(a, slices.Repeat([]float64{1}, len(a)))
		meanC, varianceC := spread(c, weights)
		want := math.Abs(meanA-meanC) / math.Sqrt((varianceA+varianceC)/2)
		slices.Reverse(strata)
		wantNear(t, "apart", Apart(strata), want, 1e-9)
		wantNear(t, "in another unit", Apart(moved), want, 1e-9)
	}
}

// A fault of the window's last three days: of 100 rows at each of two places 40 are old, at a third all are.
func unlike(t *testing.T) *Cube {
	b := newBuilder(t)
	for d := boundary - 35; d < boundary; d++ {
		for _, segment := range []string{"a", "b"} {
			if d < boundary-3 {
				b.add(rows{day: d, n: 100, loss: 0.3, segment: segment})
				continue
			}
			b.add(rows{day: d, n: 60, loss: 0.3, segment: segment}, rows{day: d, n: 40, loss: 0.8, segment: segment, codes: map[int]uint16{weatherAge: 1}})
		}
		if d < boundary-3 {
			b.add(rows{day: d, n: 10, loss: 0.3, segment: "c"})
		} else {
			b.add(rows{day: d, n: 10, loss: 0.3, segment: "c", codes: map[int]uint16{weatherAge: 1}})
		}
	}
	return b.cube
}

// What is asked of: the rows that a finding hits, and those that nothing does, on the window's days.
func TestContrasts(t *testing.T) {
	cube := unlike(t)
	all := NewIndex(cube).Contrasts(question())
	if len(all) != 1 || all[0].Finding != 0 || len(all[0].Days) != 7 {
		t.Fatalf("contrasts %+v, want one of the first finding over seven days", all)
	}
	level := func(place int32) uint16 { return cube.Layout.Level(cube.Fingerprints[place], weatherAge) }
	c := all[0]
	if len(c.Affected) != 1 || level(c.Affected[0]) != 1 || len(c.Controls) != 1 || level(c.Controls[0]) != 0 {
		t.Errorf("affected %v, controls %v", c.Affected, c.Controls)
	}
	for name, want := range map[[2]string]bool{{"temp", "weather"}: true, {"wind", "radar"}: false, {"hour", ""}: false} {
		if c.Follows(name[0], name[1]) != want {
			t.Errorf("that %v follows is %v", name, !want)
		}
	}
	if more := NewIndex(quiet(t).cube).Contrasts(question()); len(more) != 0 {
		t.Errorf("contrasts of nothing: %v", more)
	}
}

// Only where affected rows are like their controls is the cost estimated: 240 of the window's 1,470 rows lose .5 more.
func TestUnlikeRowsAreNotHeldAgainstEachOther(t *testing.T) {
	x := NewIndex(unlike(t))
	for _, c := range []struct {
		balance map[int]Balance
		says    string
	}{
		{map[int]Balance{0: {Compared: 2, Feature: "wind", Apart: 0.0999}}, "of 2 features wind differs most between both, by 0.100 standard deviations"},
		{map[int]Balance{0: {Compared: 2, Feature: "wind", Apart: 0.11}}, "wind, as it should have been served, differs by 0.11 standard deviations"},
		{map[int]Balance{0: {Compared: 2, Feature: "wind", Apart: math.Inf(1)}}, "differs by +Inf standard deviations"},
		{map[int]Balance{0: {Compared: 2, Feature: "wind", Apart: math.NaN()}}, "differs by NaN standard deviations"},
		{map[int]Balance{1: {Compared: 2}}, "no feature tells whether they are like others"},
		{nil, "no feature tells whether they are like others"},
	} {
		f := x.Balanced(c.balance).Evaluate(question()).Findings[0]
		if told := strings.Join(f.Evidence, "\n"); !strings.Contains(told, c.says) {
			t.Errorf("%v: evidence %s", c.balance, told)
		}
		if b, ok := c.balance[0]; ok && b.Apart < 0.1 {
			if f.Basis != Estimated {
				t.Fatalf("%v: basis %s", c.balance, f.Basis)
			}
			wantNear(t, "excess loss", *f.ExcessLoss, 240*0.5/1470, 1e-9)
		} else if f.Basis != NotIdentified || f.ExcessLoss != nil || f.Delta != 0 {
			t.Errorf("%v: basis %s, cost %v", c.balance, f.Basis, f.ExcessLoss)
		}
	}
}
