package repair

import (
	"math"
	"math/rand/v2"
	"testing"
)

// drawn gives examples of two numbers and a category, the second number missing on one in ten, with the link that of gives.
func drawn(n int, of func(x, y float64, w word) float64) ([]feature, []example) {
	features := []feature{{Index: 0}, {Index: 1}, {Index: 2, Text: true}}
	r := rand.New(rand.NewPCG(7, 7))
	var all []example
	for i := range n {
		x, y := 20+5*r.NormFloat64(), 1000*r.Float64()
		if r.IntN(10) == 0 {
			y = math.NaN()
		}
		w := word{[]string{"", "JFK", "LGA"}[r.IntN(3)], r.IntN(20) > 0}
		if !w.ok {
			w.text = ""
		}
		all = append(all, example{disputed: r.IntN(8) == 0, held: i%3 == 0, link: of(x, y, w), numbers: []float64{x, y, math.NaN()}, words: []word{{}, {}, w}})
	}
	return features, all
}

func linear(x, y float64, w word) float64 {
	z := -1.5 + .03*x
	if math.IsNaN(y) {
		z += .7
	} else {
		z += .002 * y
	}
	switch {
	case !w.ok:
		z -= 2
	case w.text == "JFK":
		z += .25
	case w.text == "":
		z += .125
	}
	return z
}

// A model that is linear on the link scale, in numbers, nulls and categories, comes back whole: the residuals of rows that it has not seen
// are nothing, and so is the error of moving a row from one value to another.
func TestFitIsExactForLinearModels(t *testing.T) {
	features, all := drawn(3000, linear)
	m, why := fit(features, all)
	if m == nil {
		t.Fatal(why)
	}
	if largest, _ := misses(m, all); largest > 1e-9 {
		t.Errorf("largest residual %g", largest)
	}
	none := word{}
	moves := []struct{ from, to, want float64 }{
		{m.curves[0].at(10, none), m.curves[0].at(30, none), .6},
		{m.curves[1].at(math.NaN(), none), m.curves[1].at(500, none), .3},
		{m.curves[2].at(0, word{"JFK", true}), m.curves[2].at(0, word{"LGA", true}), -.25},
		{m.curves[2].at(0, word{"", true}), m.curves[2].at(0, none), -2.125},
	}
	for i, move := range moves {
		if got := move.to - move.from; math.Abs(got-move.want) > 1e-8 {
			t.Errorf("move %d: %v, want %v", i, got, move.want)
		}
	}
}

// A step is no line: the bins find it, on rows that they have not seen.
func TestFitFindsSteps(t *testing.T) {
	features, all := drawn(9000, func(x, y float64, w word) float64 {
		z := .4 * math.Floor(y/250)
		if math.IsNaN(y) {
			z = -3
		}
		if x > 22 {
			z++
		}
		return z
	})
	m, why := fit(features, all)
	if m == nil {
		t.Fatal(why)
	}
	mean, all2, left := 0.0, 0.0, 0.0
	held := 0.0
	for i := range all {
		if all[i].held {
			held++
			mean += all[i].link
		}
	}
	mean /= held
	for i := range all {
		if all[i].held {
			all2 += (all[i].link - mean) * (all[i].link - mean)
			left += (all[i].link - m.link(&all[i])) * (all[i].link - m.link(&all[i]))
		}
	}
	if r2 := 1 - left/all2; r2 < .97 {
		t.Errorf("explains %.4f of what it was not fitted on", r2)
	}
}

// Values that no example had are told, on both sides, and so is none where none was missing.
func TestCurvesKnowTheirRange(t *testing.T) {
	features, all := drawn(3000, linear)
	m, _ := fit(features, all)
	c := &m.curves[0]
	outside := func(x float64) bool {
		for i := len(c.pieces) - 1; ; i-- {
			if x >= c.pieces[i].low {
				return c.pieces[i].outside
			}
		}
	}
	least, most := math.Inf(1), math.Inf(-1)
	for i := range all {
		least, most = min(least, all[i].numbers[0]), max(most, all[i].numbers[0])
	}
	more := (most - least) / 2 // a line goes on
	for x, want := range map[float64]bool{math.Inf(-1): true, least - more - 1e-6: true, least - more + 1e-6: false, least: false, 20: false, most: false, most + more - 1e-6: false, most + more + 1e-6: true} {
		if outside(x) != want {
			t.Errorf("%v is outside: %v, want %v", x, outside(x), want)
		}
	}
	if m.curves[1].pieces[0].outside {
		t.Error("some examples had no second number")
	}
}

// Where there is nothing to fit on there is no fit, and nothing breaks.
func TestFitOfTooLittle(t *testing.T) {
	features, all := drawn(3000, linear)
	for _, n := range []int{0, 1, 2, 3, 20} {
		if m, why := fit(features, all[:n]); m != nil || why == "" {
			t.Errorf("%d examples make a fit", n)
		}
	}
	for i := range all {
		all[i].numbers[0], all[i].numbers[1], all[i].words[2] = math.NaN(), 3, word{}
		all[i].link = -1
	}
	m, why := fit(features, all)
	if m == nil {
		t.Fatal(why)
	}
	if largest, _ := misses(m, all); largest > 1e-9 {
		t.Errorf("largest residual %g of a constant", largest)
	}
}

func TestNumbersAloneThatAreNeverServed(t *testing.T) {
	features := []feature{{Index: 0}}
	var all []example
	for i := range 300 {
		all = append(all, example{held: i%3 == 0, disputed: i%2 == 0, link: float64(i % 5), numbers: []float64{math.NaN()}, words: []word{{}}})
	}
	if m, why := fit(features, all); m == nil {
		t.Error(why)
	}
}

// Scores that are rounded to 1 tell that their link is beyond the end of the scale, and no more: they are not fitted on, and a model that
// says so misses none of them.
func TestFitOfSaturatedScores(t *testing.T) {
	features, all := drawn(6000, func(x, y float64, w word) float64 { return linear(x, y, w) + .4*(x-20) })
	r := repairer{data: stageData{Binary: true}}
	saturated := 0
	for i := range all {
		if all[i].disputed {
			all[i].numbers[0] *= 10 // another unit
			all[i].link = linear(all[i].numbers[0], all[i].numbers[1], all[i].words[2]) + .4*(all[i].numbers[0]-20)
		}
		score := 1 / (1 + math.Exp(-all[i].link))
		all[i].link, all[i].blur = r.link(score), blurOf(score)
		if all[i].bounded = math.Abs(all[i].link) >= endOfScale; all[i].bounded {
			saturated++
		}
	}
	m, why := fit(features, all)
	if m == nil || saturated < 100 {
		t.Fatalf("%d scores at the end of the scale; %s", saturated, why)
	}
	if largest, _ := misses(m, all); largest > 1e-6 {
		t.Errorf("largest residual %g", largest)
	}
	if got := m.curves[0].at(200, word{}) - m.curves[0].at(20, word{}); math.Abs(got-.43*180) > 1e-3 {
		t.Errorf("ten times 20 moves the link by %v, want %v", got, .43*180)
	}
}
