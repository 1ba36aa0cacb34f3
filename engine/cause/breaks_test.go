package cause

import (
	"math/rand/v2"
	"testing"
)

// Of days with a thousand rows each, 20 or 30 of them hits in turn, a run stands out that has 60, if it lasts for four days.
func TestStood(t *testing.T) {
	usual := []int64{20, 30, 20, 30, 20, 30, 20, 30, 20, 30, 20, 30, 20, 30, 20, 30}
	for _, test := range []struct {
		name string
		more []int64
		want run
	}{
		{"as ever", []int64{30, 20, 30, 20, 30}, run{}},
		{"half a day, then five", []int64{45, 60, 60, 60, 60, 60}, run{16, 22}},
		{"it ends", []int64{25, 60, 60, 60, 60, 25, 30}, run{17, 21}},
		{"three days", []int64{25, 60, 60, 60, 25, 30}, run{}},
		{"a third more than the highest is too little", []int64{25, 37, 37, 37, 37, 37}, run{}},
	} {
		days := append(append([]int64{}, usual...), test.more...)
		got, sigmas := stood(len(days), func(i int) (int64, int64) { return days[i], 1000 })
		if got != test.want || (sigmas > 0) != (test.want != run{}) {
			t.Errorf("%s: %v with %.1f standard deviations, want %v", test.name, got, sigmas, test.want)
		}
	}
	if got, _ := stood(3, func(int) (int64, int64) { return 0, 0 }); got != (run{}) {
		t.Errorf("nothing: %v", got)
	}
}

// Days drawn alike, or drifting slowly, stand out in no draw.
func TestNothingStood(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 8))
		days := make([]int64, 32)
		level := 40.0
		for i := range days {
			level += r.NormFloat64() * 2
			for range 1000 {
				if r.Float64()*1000 < level {
					days[i]++
				}
			}
		}
		if got, sigmas := stood(len(days), func(i int) (int64, int64) { return days[i], 1000 }); got != (run{}) {
			t.Errorf("seed %d: %v stands out by %.1f in %v", seed, got, sigmas, days)
		}
	}
}
