package attribution

import (
	"math"
	"testing"
)

func TestAUC(t *testing.T) {
	bin := func(b int, p, n float64) HistogramBin { return HistogramBin{b, FixedOf(p), FixedOf(n)} }
	for _, c := range []struct {
		name       string
		bins       []HistogramBin
		auc, bound float64
		ok         bool
	}{
		{name: "empty"},
		{name: "one outcome", bins: []HistogramBin{bin(0, 3, 0)}},
		{name: "parted", bins: []HistogramBin{bin(0, 0, 2), bin(1, 3, 0)}, auc: 1, ok: true},
		{name: "parted, bins unordered", bins: []HistogramBin{bin(1, 3, 0), bin(0, 0, 2)}, auc: 1, ok: true},
		{name: "reversed", bins: []HistogramBin{bin(0, 3, 0), bin(1, 0, 2)}, auc: 0, ok: true},
		{name: "one bin", bins: []HistogramBin{bin(4, 3, 2)}, auc: 0.5, bound: 0.5, ok: true},
		// 12 pairs: 2 x 1 the right way, 1 x 1 + 2 x 3 tied.
		{name: "mixed", bins: []HistogramBin{bin(0, 1, 1), bin(1, 2, 3)},
			auc: (2*1 + (1*1+2*3)/2.0) / 12, bound: 3.5 / 12, ok: true},
	} {
		auc, bound, ok := AUC(c.bins)
		if ok != c.ok || math.Abs(auc-c.auc) > 1e-12 || math.Abs(bound-c.bound) > 1e-12 {
			t.Errorf("%s: AUC = %v within %v, %v; want %v within %v, %v", c.name, auc, bound, ok, c.auc, c.bound, c.ok)
		}
	}
}
