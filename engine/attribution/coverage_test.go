package attribution

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestCoverage: under day shocks of lag-1 correlation .35, 95 % intervals around the difference of a window and a baseline of 28 days hold the truth
// in 92 to 97 of 100 draws, and a test at 5 % alarms of nothing in 3 to 8.
func TestCoverage(t *testing.T) {
	const draws, memory = 6000, 0.35
	for _, window := range []int{1, 7, 28} {
		r := rand.New(rand.NewPCG(uint64(window), 17))
		covered, alarms := 0, 0
		for range draws {
			shock := r.NormFloat64()
			var all series
			for d := range 28 + window {
				shock = memory*shock + math.Sqrt(1-memory*memory)*r.NormFloat64()
				all.add(Day(d), 0.4+0.05*shock)
			}
			before := newSeries(all.days[:28], all.values[:28])
			after := newSeries(all.days[28:], all.values[28:])
			delta := after.mean() - before.mean()
			s := contrast(before, after)
			if ci := s.around(delta); ci[0] <= 0 && ci[1] >= 0 {
				covered++
			}
			if *s.p(delta) < riseP {
				alarms++
			}
		}
		share, rate := float64(covered)/draws, float64(alarms)/draws
		t.Logf("a window of %d days: %.3f covered, %.3f alarms", window, share, rate)
		if share < 0.92 || share > 0.97 || rate < 0.025 || rate > 0.08 {
			t.Errorf("a window of %d days: %.3f covered, %.3f alarms", window, share, rate)
		}
	}
}
