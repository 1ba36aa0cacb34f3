package attribution

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/plumbline-data/plumbline/engine/loop"
)

// simulated is a period of some days around shocks of lag-1 correlation .35, which move how far scores are off and how well they rank.
func simulated(r *rand.Rand, task loop.Task, n, rows int, shock *[2]float64) tally {
	const memory = 0.35
	t := tally{classes: []ageClass{newClass(1, n)}}
	total := map[int]*[2]int64{}
	for d := range n {
		for k := range shock {
			shock[k] = memory*shock[k] + math.Sqrt(1-memory*memory)*r.NormFloat64()
		}
		bins, n := map[int]*[2]int64{}, rows+r.IntN(rows/2)
		var day [7]float64
		for range n {
			simulatedRow(r, task, shock, bins, &day)
		}
		t.classes[0].byDay[d].add(sums{rows: int64(n), weight: FixedOfInt(int64(n)), loss: FixedOf(day[0]), score: FixedOf(day[1]), outcome: FixedOf(day[2]),
			scoreSq: FixedOf(day[3]), outcomeSq: FixedOf(day[4]), scoreOutcome: FixedOf(day[5]), absoluteErrors: FixedOf(day[6])})
		t.days, t.byDay = append(t.days, Day(d)), append(t.byDay, ofMap(bins))
		for k, b := range bins {
			if total[k] == nil {
				total[k] = &[2]int64{}
			}
			total[k][0], total[k][1] = total[k][0]+b[0], total[k][1]+b[1]
		}
	}
	t.bins = ofMap(total)
	return t
}

func ofMap(bins map[int]*[2]int64) (all []HistogramBin) {
	for k, b := range bins {
		all = append(all, HistogramBin{Bin: k, Positives: FixedOfInt(b[1]), Negatives: FixedOfInt(b[0])})
	}
	return sortedBins(all)
}

// simulatedRow draws a row and adds it to its bin and to the sums of its day.
func simulatedRow(r *rand.Rand, task loop.Task, shock *[2]float64, bins map[int]*[2]int64, day *[7]float64) {
	odds := r.NormFloat64()
	score, outcome, positive := 1/(1+math.Exp(-odds)), 0.0, 0
	bin := int(score * scoreBins)
	if task == loop.Regression {
		score, outcome = odds, odds+math.Exp(0.2*shock[1])*r.NormFloat64()+0.1*shock[0]
		if score > outcome {
			positive = 1
		}
		bin = int(math.Floor(16 * math.Log2(math.Abs(score-outcome))))
	} else if r.Float64() < 1/(1+math.Exp(-(0.3*shock[0]+(1+0.2*shock[1])*odds))) {
		outcome, positive = 1, 1
	}
	if bins[bin] == nil {
		bins[bin] = &[2]int64{}
	}
	bins[bin][positive]++
	for k, v := range [7]float64{math.Abs(score - outcome), score, outcome, score * score, outcome * outcome, score * outcome, math.Abs(score - outcome)} {
		day[k] += v
	}
}

// TestMetricCoverage: under day shocks of lag-1 correlation .35, where nothing changed, the intervals of metrics hold 0 in 92 to 97 of 100 draws;
// those of what is made of squares in 90.
func TestMetricCoverage(t *testing.T) {
	binary := []string{"base_rate", "mean_score", "calibration_in_the_large", "zero_one", "brier", "brier_resolution", "brier_uncertainty",
		"auc", "accuracy", "precision", "recall", "f1"}
	regression := []string{"mae", "rmse", "bias", "abs_error_p50", "abs_error_p90"}
	for _, tt := range []struct {
		task        loop.Task
		draws, rows int
		names       []string
	}{
		{loop.Binary, 600, 60, binary},
		{loop.Regression, 600, 60, regression},
	} {
		q := Question{Task: tt.task, Loss: loop.ZeroOne}
		r := rand.New(rand.NewPCG(5, 29))
		held, all := map[string]int{}, map[string]int{}
		for range tt.draws {
			var shock [2]float64
			before := simulated(r, tt.task, 28, tt.rows, &shock)
			after := simulated(r, tt.task, 7, tt.rows, &shock)
			for name, ci := range metricIntervals(q, &before, &after, before.metrics(q, everyDay), after.metrics(q, everyDay)) {
				all[name]++
				if ci[0] <= 0 && ci[1] >= 0 {
					held[name]++
				}
			}
		}
		for _, name := range tt.names {
			share := float64(held[name]) / float64(tt.draws)
			t.Logf("%s of %d rows a day: %s %.3f", tt.task, tt.rows, name, share)
			least := 0.92
			if name == "brier_resolution" || name == "brier_uncertainty" {
				least = 0.90
			}
			if all[name] != tt.draws || share < least || share > 0.97 {
				t.Errorf("%s of %d rows a day: %s holds what is true in %.3f of %d draws, %d of them with an interval", tt.task, tt.rows, name, share, tt.draws, all[name])
			}
		}
		if len(all) != len(tt.names) {
			t.Errorf("%s of %d rows a day: intervals of %d metrics, want %d", tt.task, tt.rows, len(all), len(tt.names))
		}
	}
}

// TestIntervalsWithoutADay holds the intervals of metrics against those by evaluations of cubes that lack a day, where the window's days are
// known as of different ages and the baseline is mixed to these.
func TestIntervalsWithoutADay(t *testing.T) {
	cube := randomCube(t, 3)
	q := question()
	q.AsOf = (boundary + 4).Start()
	q.Baseline = BaselineSpec{From: boundary - 35, To: boundary - 7}
	whole := NewIndex(cube).Evaluate(q)
	values := map[string][2]series{}
	for k, days := range [2][]Day{whole.Baseline.Days, whole.Window.Days} {
		for _, d := range days {
			less := *cube
			less.Cells = slices.DeleteFunc(slices.Clone(cube.Cells), func(c Cell) bool { return c.Day == d })
			e := NewIndex(&less).Evaluate(q)
			without, all := e.Metrics.Baseline, whole.Metrics.Baseline
			if k == 1 {
				without, all = e.Metrics.Current, whole.Metrics.Current
			}
			for name := range all {
				v, n := values[name], float64(len(days))
				v[k].add(d, n*all[name]-(n-1)*without[name])
				values[name] = v
			}
		}
	}
	if len(whole.Metrics.CI95) < 4 {
		t.Fatalf("intervals of %d metrics", len(whole.Metrics.CI95))
	}
	for name, ci := range whole.Metrics.CI95 {
		v := values[name]
		want := contrast(v[0], v[1]).around(whole.Metrics.Current[name] - whole.Metrics.Baseline[name])
		if math.Abs(ci[0]-want[0]) > 1e-6 || math.Abs(ci[1]-want[1]) > 1e-6 {
			t.Errorf("%s: %v, want %v", name, ci, *want)
		}
	}
}

// TestUnsettled: where a part of the window's outcomes is not known yet, what bins of scores tell has no interval and no calibration.
func TestUnsettled(t *testing.T) {
	for _, late := range []int16{1, 20} {
		b := newBuilder(t)
		for d := boundary - 35; d < boundary; d++ {
			b.add(rows{day: d, n: 100, loss: 0.252 + 0.001*float64(d%3), score: 0.2, age: 0}, rows{day: d, n: 50, loss: 0.440, score: 0.7, outcome: 1, age: late})
		}
		q := question()
		q.AsOf = (boundary + 2).Start()
		q.Scores = func(days []Day) []HistogramBin {
			return []HistogramBin{{Bin: 51, Positives: FixedOfInt(int64(2 * len(days))), Negatives: FixedOfInt(int64(98 * len(days)))},
				{Bin: 179, Positives: FixedOfInt(int64(45 * len(days))), Negatives: FixedOfInt(int64(5 * len(days)))}}
		}
		e := NewIndex(b.cube).Evaluate(q)
		_, binned := e.Metrics.CI95["auc"]
		_, summed := e.Metrics.CI95["brier"]
		if settled := late == 1; binned != settled || !summed || (e.Terms[len(e.Terms)-1].Calibration != nil) != settled {
			t.Errorf("outcomes after %d days: auc has an interval %v, brier %v, the model term %+v", late, binned, summed, e.Terms[len(e.Terms)-1])
		}
	}
}

// TestPseudoValues: over days of as many rows each, those of a mean are the days' own means; a metric that a day is needed for has none.
func TestPseudoValues(t *testing.T) {
	c := newClass(1, 3)
	for d, outcomes := range []int64{1, 4, 7} {
		c.byDay[d].add(sums{rows: 10, weight: FixedOfInt(10), outcome: FixedOfInt(outcomes), score: FixedOfInt(5)})
	}
	positives := []HistogramBin{{Bin: 200, Positives: FixedOfInt(3)}}
	negatives := []HistogramBin{{Bin: 100, Negatives: FixedOfInt(4)}}
	p := tally{days: []Day{5, 6, 7}, classes: []ageClass{c}, byDay: [][]HistogramBin{positives, negatives, positives},
		bins: []HistogramBin{{Bin: 100, Negatives: FixedOfInt(4)}, {Bin: 200, Positives: FixedOfInt(6)}}}
	q := Question{Task: loop.Binary, Loss: loop.Brier}
	got := p.series(q, p.metrics(q, everyDay))
	want := []float64{0.1, 0.4, 0.7}
	if s := got["base_rate"]; !slices.Equal(s.days, p.days) || !slices.EqualFunc(s.values, want, func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }) {
		t.Errorf("base rates by day %+v, want %v", s, want)
	}
	if s, ok := got["auc"]; ok {
		t.Errorf("auc %+v, though only one day has a negative", s)
	}
	if s := got["accuracy"]; len(s.values) != 3 {
		t.Errorf("accuracy %+v, want three values", s)
	}
}
