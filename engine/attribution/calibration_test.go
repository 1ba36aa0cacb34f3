package attribution

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/plumbline-data/plumbline/engine/loop"
)

// binned draws rows whose true log odds are intercept and slope times those of their score.
func binned(r *rand.Rand, n int, intercept, slope float64) (bins []HistogramBin, scores, outcomes []float64) {
	all := make([]HistogramBin, scoreBins)
	for i := range all {
		all[i].Bin = i
	}
	for range n {
		score := 1 / (1 + math.Exp(-r.NormFloat64()*1.5))
		k := min(int(score*scoreBins), scoreBins-1)
		x := math.Log(score / (1 - score))
		outcome := 0.0
		if r.Float64() < 1/(1+math.Exp(-(intercept+slope*x))) {
			outcome = 1
			all[k].Positives = all[k].Positives.Add(FixedOf(1))
		} else {
			all[k].Negatives = all[k].Negatives.Add(FixedOf(1))
		}
		scores, outcomes = append(scores, score), append(outcomes, outcome)
	}
	return all, scores, outcomes
}

// TestRecalibrated holds the refit against the best of a grid, and what it saves against what the truth would.
func TestRecalibrated(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 3))
	for _, truth := range [][2]float64{{0, 1}, {0.8, 1}, {-1, 0.5}, {0.2, 2}} {
		bins, _, _ := binned(r, 20000, truth[0], truth[1])
		before, after, ok := recalibrated(bins)
		if !ok || after > before {
			t.Fatalf("%v: %v to %v, %v", truth, before, after, ok)
		}
		all := 20000.0
		for a := -2.0; a <= 2; a += 0.1 {
			for b := 0.1; b <= 3; b += 0.1 {
				if loss := binnedLoss(bins, all, a, b); loss < after-1e-9 {
					t.Fatalf("%v: %v at %.1f, %.1f, %v by Newton", truth, loss, a, b, after)
				}
			}
		}
		if best := binnedLoss(bins, all, truth[0], truth[1]); best < after-1e-9 || best > after+0.001 {
			t.Errorf("%v: the truth has %v, the refit %v", truth, best, after)
		}
		if calibrated := truth == [2]float64{0, 1}; calibrated != (before-after < 0.001) {
			t.Errorf("%v: refitting saves %v", truth, before-after)
		}
	}
	one := []HistogramBin{{Bin: 100, Positives: FixedOf(30), Negatives: FixedOf(70)}}
	if _, after, ok := recalibrated(one); !ok || math.Abs(after-(entropy(.3)+entropy(.7))) > 1e-9 {
		t.Errorf("one score: %v, %v, want the entropy of its base rate", after, ok)
	}
	for name, bins := range map[string][]HistogramBin{"nothing": nil, "one outcome": {{Bin: 3, Positives: FixedOf(5)}},
		"apart": {{Bin: 3, Negatives: FixedOf(5)}, {Bin: 200, Positives: FixedOf(5)}}} {
		before, after, ok := recalibrated(bins)
		if ok != (name == "apart") || math.IsNaN(before) || math.IsNaN(after) || after > before {
			t.Errorf("%s: %v, %v, %v", name, before, after, ok)
		}
	}
}

// TestRecalibratedFromAfar: scores that are a hundredth of what they should be, or of which three bins tell all, are refitted no worse than by the
// best constant.
func TestRecalibratedFromAfar(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	small := []HistogramBin{{Bin: 0}, {Bin: 1}, {Bin: 2}}
	for range 5000 {
		p := 1 / (1 + math.Exp(-(2.5 + 1.5*r.NormFloat64())))
		b := &small[int(p/100*scoreBins)]
		if r.Float64() < p {
			b.Positives = b.Positives.Add(FixedOf(1))
		} else {
			b.Negatives = b.Negatives.Add(FixedOf(1))
		}
	}
	for name, bins := range map[string][]HistogramBin{
		"a hundredth": small,
		"three bins":  {{Bin: 0, Positives: FixedOf(1), Negatives: FixedOf(3)}, {Bin: 1, Negatives: FixedOf(1)}, {Bin: 2, Positives: FixedOf(100)}},
		"parted":      {{Bin: 0, Negatives: FixedOf(3)}, {Bin: 1, Positives: FixedOf(100)}, {Bin: 2, Positives: FixedOf(1000)}},
	} {
		all, positives := 0.0, 0.0
		for i := range bins {
			all, positives = all+bins[i].rows(), positives+bins[i].Positives.Float()
		}
		rate := positives / all
		if before, after, ok := recalibrated(bins); !ok || !(after <= before) || !(after <= entropy(rate)+entropy(1-rate)+1e-12) {
			t.Errorf("%s: %v to %v, %v; the best constant has %v", name, before, after, ok, entropy(rate)+entropy(1-rate))
		}
	}
}

// TestLinearCalibration: of squared losses the refit is least squares, whose loss is the variance that the scores leave.
func TestLinearCalibration(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 5))
	var m moments
	const n = 500
	var x, y []float64
	for range n {
		score := r.NormFloat64()
		x, y = append(x, score), append(y, 0.3+0.6*score+r.NormFloat64()*0.2)
	}
	for i := range x {
		m.score, m.outcome = m.score+x[i]/n, m.outcome+y[i]/n
		m.scoreSq, m.outcomeSq, m.scoreOutcome = m.scoreSq+x[i]*x[i]/n, m.outcomeSq+y[i]*y[i]/n, m.scoreOutcome+x[i]*y[i]/n
		m.squares += (x[i] - y[i]) * (x[i] - y[i]) / n
	}
	slope := (m.scoreOutcome - m.score*m.outcome) / (m.scoreSq - m.score*m.score)
	intercept := m.outcome - slope*m.score
	was, is := 0.0, 0.0
	for i := range x {
		was += (x[i] - y[i]) * (x[i] - y[i]) / n
		fit := intercept + slope*x[i]
		is += (fit - y[i]) * (fit - y[i]) / n
	}
	got, ok := m.calibration(loop.SquaredError, nil)
	if !ok || math.Abs(got-(was-is)) > 1e-9 {
		t.Errorf("%v, %v, want %v", got, ok, was-is)
	}
	if _, ok := m.calibration(loop.AbsoluteError, nil); ok {
		t.Error("the absolute error has a calibration")
	}
}

// TestCalibrationOfExtremes: scores so near 0 or 1 that the middle of their bin loses far less than they do have no calibration that bins tell.
func TestCalibrationOfExtremes(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 8))
	for name, test := range map[string]struct {
		stretch float64
		want    bool
	}{"as they are": {1, true}, "four times as sure": {4, false}} {
		bins, loss := map[int]*[2]int64{}, 0.0
		const n = 20000
		for range n {
			odds := 1.5 * r.NormFloat64()
			score := 1 / (1 + math.Exp(-test.stretch*odds))
			y := int(draw(r, 1/(1+math.Exp(-odds))))
			loss -= math.Log(math.Abs(float64(1-y)-score)) / n
			k := min(int(score*scoreBins), scoreBins-1)
			if bins[k] == nil {
				bins[k] = &[2]int64{}
			}
			bins[k][y]++
		}
		m := moments{loss: loss}
		saved, ok := m.calibration(loop.LogLoss, ofMap(bins))
		if ok != test.want || ok && saved > 0.01 {
			t.Errorf("%s: calibration %v, told %v", name, saved, ok)
		}
	}
}

// TestScored holds the metrics of score histograms against counts of rows.
func TestScored(t *testing.T) {
	bins, scores, outcomes := binned(rand.New(rand.NewPCG(6, 7)), 5000, 0.1, 1)
	named := map[string]float64{}
	scored(loop.Binary, bins, named)
	var tp, fp, fn, right, brier float64
	for i := range scores {
		positive := scores[i] >= 0.5
		switch {
		case positive && outcomes[i] == 1:
			tp++
		case positive:
			fp++
		case outcomes[i] == 1:
			fn++
		}
		if positive == (outcomes[i] == 1) {
			right++
		}
		brier += (scores[i] - outcomes[i]) * (scores[i] - outcomes[i]) / 5000
	}
	for name, want := range map[string]float64{"accuracy": right / 5000, "precision": tp / (tp + fp), "recall": tp / (tp + fn), "f1": 2 * tp / (2*tp + fp + fn)} {
		if math.Abs(named[name]-want) > 1e-9 {
			t.Errorf("%s %v, want %v", name, named[name], want)
		}
	}
	// What the bins leave inside them is the variance of the scores less twice what they share with the outcomes.
	if sum := named["brier_reliability"] - named["brier_resolution"] + named["brier_uncertainty"]; math.Abs(sum-brier) > 0.002 {
		t.Errorf("the terms of the Brier score sum to %v, it is %v", sum, brier)
	}
	empty := map[string]float64{}
	scored(loop.Binary, nil, empty)
	scored(loop.Regression, nil, empty)
	if len(empty) > 0 {
		t.Errorf("of nothing: %v", empty)
	}
	errors := map[string]float64{}
	scored(loop.Regression, []HistogramBin{{Bin: noError, Negatives: FixedOf(40)}, {Bin: 15, Positives: FixedOf(50)}, {Bin: 31, Negatives: FixedOf(10)}}, errors)
	if errors["abs_error_p50"] != 2 || errors["abs_error_p90"] != 2 || errors["abs_error_p99"] != 4 {
		t.Errorf("quantiles of the error: %v, want 2, 2 and 4", errors)
	}
}

// TestRetrain: a model that lost its calibration is to be trained again, where serving was replayed and agrees and nothing else is out of order;
// beside a finding nobody can tell.
func TestRetrain(t *testing.T) {
	yes := true
	for name, test := range map[string]struct {
		later func(r *rand.Rand, score float64) (shown, outcome float64)
		fault bool
		want  *bool
	}{
		"miscalibrated": {func(r *rand.Rand, p float64) (float64, float64) { return min(p+0.35, 0.98), draw(r, p) }, false, &yes},
		"beside a null": {func(r *rand.Rand, p float64) (float64, float64) { return min(p+0.35, 0.98), draw(r, p) }, true, nil},
	} {
		r := rand.New(rand.NewPCG(12, 1))
		b := &builder{layout: disputedLayout(t), cube: &Cube{SegmentNames: []string{"origin"}, Closed: map[Day]bool{}}}
		b.cube.Layout = b.layout
		for d := boundary - 35; d < boundary; d++ {
			for k := range 200 {
				p := 0.05 + 0.3*r.Float64()
				shown, outcome := p, draw(r, p)
				codes := map[int]uint16{}
				if d >= boundary-7 {
					shown, outcome = test.later(r, p)
					if test.fault && k%5 == 0 {
						codes[valueRequest] = 1
					}
				}
				loss := -math.Log(map[bool]float64{true: shown, false: 1 - shown}[outcome == 1])
				b.add(rows{day: d, n: 1, loss: math.Round(loss*1e9) / 1e9, score: shown, outcome: outcome, segment: "a", codes: codes})
			}
		}
		e := newAlike(b.cube).Evaluate(question())
		if got := e.Retrain; (got == nil) != (test.want == nil) || got != nil && *got != *test.want {
			t.Errorf("%s: verdict %s, retrain %v, %s", name, e.Verdict, got, e.Summary)
		}
	}
}

func draw(r *rand.Rand, p float64) float64 {
	if r.Float64() < p {
		return 1
	}
	return 0
}
