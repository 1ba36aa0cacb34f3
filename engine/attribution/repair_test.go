package attribution

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline-data/plumbline/engine/fingerprint"
)

// The conditions of disputedLayout: two features of a source, and one that came with the request.
const (
	valueA = iota
	valueB
	valueRequest
)

const (
	differs    uint16 = 3
	differsOff uint16 = 4
)

func disputedLayout(t testing.TB) *fingerprint.Layout {
	t.Helper()
	usual := func(name string) fingerprint.Level {
		return fingerprint.Level{Name: name, Standing: fingerprint.Usual}
	}
	replayed := []fingerprint.Level{{Name: "agrees"}, usual("null"), usual("default"), {Name: "differs", Standing: fingerprint.Disputed},
		{Name: "differs: off", Standing: fingerprint.Disputed}}
	l, err := fingerprint.NewLayout([]fingerprint.Condition{
		{Kind: fingerprint.Value, Of: "a", Node: "feed", Bits: 3, Levels: replayed},
		{Kind: fingerprint.Value, Of: "b", Node: "feed", Bits: 3, Levels: replayed},
		{Kind: fingerprint.Value, Of: "request", Node: "request", Bits: 2, Levels: []fingerprint.Level{{Name: "present"}, usual("null")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// twoFaults is four weeks of sound rows of loss .3 and a week of which each day has 100 sound ones, 100 with a off, of loss .9, and 100 with
// a off and b different, of loss 1.5.
func twoFaults(t testing.TB) (*Cube, Question) {
	b := &builder{layout: disputedLayout(t), cube: &Cube{SegmentNames: []string{"origin"}, Closed: map[Day]bool{}}}
	b.cube.Layout = b.layout
	for d := boundary - 35; d < boundary; d++ {
		b.add(rows{day: d, n: 100, loss: .3, segment: "x", version: "v1", score: .2})
		if d >= boundary-7 {
			b.add(rows{day: d, n: 100, loss: .9, segment: "x", version: "v1", codes: map[int]uint16{valueA: differsOff}},
				rows{day: d, n: 100, loss: 1.5, segment: "x", version: "v1", codes: map[int]uint16{valueA: differsOff, valueB: differs}})
		}
	}
	q := question()
	q.Claims = []Claim{
		{Cause: "off", Node: "a", Proven: true, Tier: Replayed, Levels: []LevelName{{"a.value", "differs: off"}}},
		{Cause: "other", Node: "b", Proven: true, Tier: Replayed, Levels: []LevelName{{"b.value", "differs"}}},
	}
	return b.cube, q
}

// repairsOf scores all that is wanted anew: a row of fingerprint and mask loses what lossOf says, each.
func repairsOf(cube *Cube, wanted []Wanted, lossOf func(w Wanted, logged float64) float64) *Repairs {
	r := &Repairs{Priced: true, Weights: map[Day]Fixed{}}
	for _, c := range cube.Cells {
		if c.Age == AgePredicted {
			r.Weights[c.Day] = r.Weights[c.Day].Add(FixedOfInt(c.Predictions))
		}
		for _, w := range wanted {
			if w.Fingerprint != c.Fingerprint {
				continue
			}
			one := Repair{Day: c.Day, Version: c.Version, Segment: c.Segment, Fingerprint: c.Fingerprint, Age: c.Age, Mask: w.Mask}
			if c.Age == AgePredicted {
				one.Rows, one.Values = c.Predictions, c.Predictions*int64(len(w.Features))
				one.Moved = FixedOf(4 * float64(c.Predictions))
				one.Expected = FixedOf(float64(c.Predictions) * .25)
			} else if c.Weight.Float() != 0 {
				one.Loss = FixedOf(c.Weight.Float() * lossOf(w, c.Loss.Float()/c.Weight.Float()))
			}
			r.Losses = append(r.Losses, one)
		}
	}
	for v := range cube.Versions {
		f := Fit{Version: int32(v), Basis: Distilled}
		for print := range cube.Fingerprints {
			for k := range 12 {
				f.Held = append(f.Held, Held{Fingerprint: int32(print), Score: float64(k)})
			}
		}
		r.Fits = append(r.Fits, f)
	}
	return r
}

// With a repaired a row of loss .9 loses .4. Of one of loss 1.5, a repaired leaves 1.2, b repaired .9 and both .5: a saves .3 where it comes
// first and .4 after b, b .6 and .7. So of the week's 300 rows a day a costs (100 x .5 + 100 x .35) / 300, b 100 x .65 / 300.
func TestRepairedByHand(t *testing.T) {
	cube, q := twoFaults(t)
	x := NewIndex(cube)
	lossOf := func(w Wanted, logged float64) float64 {
		switch {
		case logged < 1:
			return .4
		case slices.Equal(w.Features, []string{"a"}):
			return 1.2
		case slices.Equal(w.Features, []string{"b"}):
			return .9
		}
		return .5
	}
	e := x.Repaired(repairsOf(cube, x.Wanted(q), lossOf)).Evaluate(q)
	if len(e.Findings) != 2 {
		t.Fatalf("%d findings", len(e.Findings))
	}
	for k, want := range []float64{(.5 + .35) / 3, .65 / 3} {
		f := &e.Findings[k]
		if f.Basis != Distilled || f.ExcessLoss == nil || math.Abs(*f.ExcessLoss-want) > 1e-9 || f.Fidelity == nil || *f.Fidelity != 1 || f.Severity != High {
			t.Errorf("%s: %+v, want a distilled cost of %v", f.Node, f, want)
		}
		if f.ExpectedCost == nil || math.Abs(*f.ExpectedCost-[]float64{.25 * 2 / 3, .25 / 3}[k]) > 1e-9 {
			t.Errorf("%s: expected cost %v", f.Node, f.ExpectedCost)
		}
	}
	// What is left of the rise, (.3 + .4 + .5) / 3 - .3, is the model's: the segment is one.
	if last := e.Terms[len(e.Terms)-1]; last.To != ToModel || math.Abs(last.Delta-.1) > 1e-9 {
		t.Errorf("the model's term: %+v", last)
	}
}

func TestRepairedTermsSum(t *testing.T) {
	cube, q := twoFaults(t)
	x := NewIndex(cube)
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 9))
		lossOf := map[string]float64{}
		repairs := repairsOf(cube, x.Wanted(q), func(w Wanted, logged float64) float64 {
			key := fmt.Sprint(w.Fingerprint, w.Mask)
			if _, ok := lossOf[key]; !ok {
				lossOf[key] = r.Float64()
			}
			return lossOf[key]
		})
		e := x.Repaired(repairs).Evaluate(q)
		sum := 0.0
		for _, term := range e.Terms {
			sum += term.Delta
		}
		if math.Abs(sum-*e.Loss.Delta) > 1e-9 {
			t.Fatalf("seed %d: terms sum to %v, want %v", seed, sum, *e.Loss.Delta)
		}
		r.Shuffle(len(repairs.Losses), func(i, j int) { repairs.Losses[i], repairs.Losses[j] = repairs.Losses[j], repairs.Losses[i] })
		if diff := cmp.Diff(e, x.Repaired(repairs).Evaluate(q)); diff != "" {
			t.Fatalf("seed %d, repairs in another order: %s", seed, diff)
		}
	}
}

// A repair that changes no loss costs nothing, and leaves the finding in the account.
func TestRepairedOfNothing(t *testing.T) {
	cube, q := twoFaults(t)
	x := NewIndex(cube)
	e := x.Repaired(repairsOf(cube, x.Wanted(q), func(_ Wanted, logged float64) float64 { return logged })).Evaluate(q)
	for _, f := range e.Findings {
		if f.Basis != Distilled || *f.ExcessLoss != 0 || f.Delta != 0 {
			t.Errorf("%s: basis %s, cost %v, want 0", f.Node, f.Basis, *f.ExcessLoss)
		}
	}
}

// What is scored anew is refused where it is not true to the log, reaches beyond it, or is not whole: then the cost is estimated, or not
// known where no row is left to hold the others against.
func TestRepairsRefused(t *testing.T) {
	cube, q := twoFaults(t)
	x := NewIndex(cube)
	half := func(_ Wanted, logged float64) float64 { return logged / 2 }
	spoil := map[string]func(*Repairs){
		"not true to the affected rows": func(r *Repairs) {
			for i := range r.Fits[0].Held {
				if h := &r.Fits[0].Held[i]; h.Fingerprint != 0 {
					h.Residual = 1
				}
			}
		},
		"not true to the sound rows": func(r *Repairs) {
			for i := range r.Fits[0].Held {
				if h := &r.Fits[0].Held[i]; h.Fingerprint == 0 {
					h.Residual = 1
				}
			}
		},
		"true to the scores, not to what is repaired": func(r *Repairs) {
			for i := range r.Fits[0].Held {
				r.Fits[0].Held[i].Score *= 100
				r.Fits[0].Held[i].Residual = .5 // 2 is what repairing moves a link by
			}
		},
		"no affected row held out": func(r *Repairs) {
			r.Fits[0].Held = slices.DeleteFunc(r.Fits[0].Held, func(h Held) bool { return h.Fingerprint != 0 })
		},
		"no fit": func(r *Repairs) { r.Fits = nil },
		"beyond what was fitted": func(r *Repairs) {
			for i := range r.Losses {
				r.Losses[i].Outside = r.Losses[i].Values / 50
			}
		},
		"a cell is missing": func(r *Repairs) {
			r.Losses = slices.DeleteFunc(r.Losses, func(o Repair) bool { return o.Day == boundary-1 && o.Age >= 0 })
		},
	}
	want := x.Evaluate(q)
	for name, f := range spoil {
		r := repairsOf(cube, x.Wanted(q), half)
		f(r)
		got := x.Repaired(r).Evaluate(q)
		for i := range got.Findings {
			said := &got.Findings[i].Evidence
			last := len(*said) - 1
			if !strings.HasPrefix((*said)[last], "its rows are not scored anew: ") {
				t.Errorf("%s: %q does not say why", name, *said)
			}
			*said = (*said)[:last]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: not as without repairs: %s", name, diff)
		}
	}
	if e := x.Repaired(repairsOf(cube, x.Wanted(q), half)).Evaluate(q); e.Findings[0].Basis != Distilled {
		t.Errorf("nothing is wrong with these: %s", e.Findings[0].Basis)
	}
}

// A claim about a feature that came with the request is repaired by no replay, nor is anything that it is part of.
func TestRequestFeaturesAreNotRepaired(t *testing.T) {
	b := &builder{layout: disputedLayout(t), cube: &Cube{SegmentNames: []string{"origin"}, Closed: map[Day]bool{}}}
	b.cube.Layout = b.layout
	b.add(rows{day: boundary - 1, n: 100, loss: .9, codes: map[int]uint16{valueA: differsOff, valueRequest: 1}})
	q := question()
	q.Claims = []Claim{{Cause: "off", Node: "predictions", Levels: []LevelName{{"a.value", "differs: off"}, {"request.value", "null"}}}}
	if wanted := NewIndex(b.cube).Wanted(q); len(wanted) > 0 {
		t.Errorf("%v are to be repaired", wanted)
	}
}

// Shapley values are means over all orders, of four players and less exactly; they add up to what all together save.
func TestShapley(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for n := 1; n <= 6; n++ {
		var blocks []block
		for k := range n {
			blocks = append(blocks, block{finding: k, mask: 1 << k})
		}
		losses := make([]float64, 1<<n)
		for i := range losses {
			losses[i] = r.Float64()
		}
		got := make([]float64, n)
		shapley(blocks, func(mask uint64) float64 { return losses[mask] }, got)
		sum := 0.0
		for _, v := range got {
			sum += v
		}
		if math.Abs(sum-(losses[0]-losses[len(losses)-1])) > 1e-12 {
			t.Errorf("%d players: they save %v together, want %v", n, sum, losses[0]-losses[len(losses)-1])
		}
		if n > exactPlayers {
			continue
		}
		want := make([]float64, n)
		count := 0.0
		permutations(n, func(order []int) {
			count++
			mask := 0
			for _, k := range order {
				want[k] += losses[mask] - losses[mask|1<<k]
				mask |= 1 << k
			}
		})
		for k := range want {
			if math.Abs(got[k]-want[k]/count) > 1e-12 {
				t.Errorf("%d players: %d saves %v, want %v", n, k, got[k], want[k]/count)
			}
		}
	}
}

// permutations calls see with every order of n.
func permutations(n int, see func([]int)) {
	var grow func([]int)
	grow = func(order []int) {
		if len(order) == n {
			see(order)
			return
		}
		for k := range n {
			if !slices.Contains(order, k) {
				grow(append(slices.Clone(order), k))
			}
		}
	}
	grow(nil)
}

// A fault that began on the last day, of which no outcome is known yet, is priced by what it should cost; so is one where the window has none at
// all.
func TestRepairedBeforeOutcomes(t *testing.T) {
	for name, window := range map[string]int{"in a week": 7, "in a day": 1} {
		b := &builder{layout: disputedLayout(t), cube: &Cube{SegmentNames: []string{"origin"}, Closed: map[Day]bool{}}}
		b.cube.Layout = b.layout
		for d := boundary - 35; d < boundary-1; d++ {
			b.add(rows{day: d, n: 100, loss: .3, segment: "x", version: "v1"})
		}
		b.add(rows{day: boundary - 1, n: 100, segment: "x", version: "v1", codes: map[int]uint16{valueA: differsOff}})
		b.cube.Cells = b.cube.Cells[:len(b.cube.Cells)-1]
		q := question()
		q.Window = window
		q.Claims = []Claim{{Cause: "off", Node: "a", Proven: true, Tier: Replayed, Levels: []LevelName{{"a.value", "differs: off"}}}}
		x := NewIndex(b.cube)
		e := x.Repaired(repairsOf(b.cube, x.Wanted(q), nil)).Evaluate(q)
		f := &e.Findings[0]
		if f.Basis != Distilled || f.ExcessLoss != nil || f.ExpectedCost == nil || math.Abs(*f.ExpectedCost-.25/float64(window)) > 1e-9 || f.Severity != High {
			t.Errorf("%s: %+v, want that it is expected to cost %v", name, f, .25/float64(window))
		}
	}
}

// A version with a row or two that nothing scores anew does not cost the finding its account.
func TestRepairedButForAHandful(t *testing.T) {
	cube, q := twoFaults(t)
	b := &builder{layout: disputedLayout(t), cube: cube}
	b.cube.Layout = b.layout
	b.add(rows{day: boundary - 2, n: 1, loss: .9, segment: "x", version: "shadow", codes: map[int]uint16{valueA: differsOff}})
	x := NewIndex(b.cube)
	r := repairsOf(b.cube, x.Wanted(q), func(_ Wanted, logged float64) float64 { return logged - .2 })
	r.Losses = slices.DeleteFunc(r.Losses, func(o Repair) bool { return b.cube.Versions[o.Version] == "shadow" })
	r.Fits = r.Fits[:1]
	for _, f := range x.Repaired(r).Evaluate(q).Findings {
		if f.Basis != Distilled {
			t.Errorf("%s: basis %s", f.Node, f.Basis)
		}
	}
}

// A finding that is told by levels which no replay puts right is not repaired by the few that also differ.
func TestNotCovered(t *testing.T) {
	cube, q := twoFaults(t)
	q.Claims = []Claim{{Cause: "off", Node: "a", Proven: true, Tier: Replayed, Levels: []LevelName{{"a.value", "null"}, {"b.value", "differs"}}}}
	b := &builder{layout: disputedLayout(t), cube: cube}
	b.cube.Layout = b.layout
	b.add(rows{day: boundary - 2, n: 3000, loss: .9, segment: "x", version: "v1", codes: map[int]uint16{valueA: 1}})
	x := NewIndex(b.cube)
	e := x.Repaired(repairsOf(b.cube, x.Wanted(q), func(_ Wanted, logged float64) float64 { return logged })).Evaluate(q)
	for _, f := range e.Findings {
		if f.Cause == "off" && f.Basis.repaired() {
			t.Errorf("3000 of its rows have nothing to repair, and it is %s", f.Basis)
		}
	}
}

// Coalitions are those that the values ask for.
func TestCoalitions(t *testing.T) {
	for n := 1; n <= 7; n++ {
		var blocks []block
		for k := range n {
			blocks = append(blocks, block{finding: k, mask: 3 << (2 * k)})
		}
		listed := coalitions(blocks)
		shapley(blocks, func(mask uint64) float64 {
			if mask != 0 && !slices.Contains(listed, mask) {
				t.Errorf("%d players: coalition %b is asked for and not listed", n, mask)
			}
			return 0
		}, make([]float64, n))
	}
}
