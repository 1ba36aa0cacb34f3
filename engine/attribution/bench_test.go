package attribution

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/fingerprint"
	"github.com/plumbline-data/plumbline/engine/loop"
)

// wideCube is days of 600 cells under 40 conditions: 60 segments, 2 versions, and some faults that come and go.
func wideCube(tb testing.TB, days int) *Cube {
	tb.Helper()
	var conditions []fingerprint.Condition
	for k := range 40 {
		conditions = append(conditions, fingerprint.Condition{Kind: fingerprint.Value, Of: fmt.Sprintf("f%d", k), Node: fmt.Sprintf("n%d", k/2), Bits: 2,
			Levels: []fingerprint.Level{{Name: "agrees"}, {Name: "null", Standing: fingerprint.Usual}, {Name: "gone", Standing: fingerprint.Broken}}})
	}
	l, err := fingerprint.NewLayout(conditions)
	if err != nil {
		tb.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 5))
	c := &Cube{Layout: l, SegmentNames: []string{"s"}, Versions: []string{"v1", "v2"}, Closed: map[Day]bool{}}
	for s := range 60 {
		c.Segments = append(c.Segments, []string{fmt.Sprint("s", s)})
	}
	for range 2000 {
		codes := make([]uint16, 40)
		for range r.IntN(4) {
			codes[r.IntN(40)] = uint16(1 + r.IntN(2))
		}
		c.Fingerprints = append(c.Fingerprints, l.Pack(codes))
	}
	clear(c.Fingerprints[0])
	for d := range Day(days) {
		c.Closed[d] = true
		for range 600 {
			print := int32(0)
			if r.IntN(3) == 0 {
				print = int32(r.IntN(40)) * 50
				if d/20%3 == 0 {
					print = int32(r.IntN(2000))
				}
			}
			n := int64(1 + r.IntN(500))
			cell := Cell{Day: d, Version: int32(r.IntN(2)), Segment: int32(r.IntN(60)), Fingerprint: print, Age: int16(r.IntN(5)) - 1}
			if cell.Age < 0 {
				cell.Predictions = n * 4
			} else {
				cell.Rows, cell.Weight, cell.Loss = n, FixedOfInt(n), FixedOf(float64(n)*r.Float64())
				cell.Outcome, cell.OutcomeSq = FixedOfInt(n/3), FixedOfInt(n/3)
			}
			c.Cells = append(c.Cells, cell)
		}
	}
	return c
}

func BenchmarkIndex(b *testing.B) {
	cube := wideCube(b, 300)
	for b.Loop() {
		NewIndex(cube)
	}
}

// A backfill's worth: an evaluation at each of 300 boundaries.
func BenchmarkEvaluate(b *testing.B) {
	for _, ages := range []string{"same", "own"} {
		b.Run(fmt.Sprintf("evaluations=300/cells=180000/as_of=%s", ages), func(b *testing.B) {
			x := NewIndex(wideCube(b, 300))
			found := 0
			for b.Loop() {
				for e := range Day(300) {
					q := Question{Boundary: e + 1, Window: 7, Baseline: BaselineSpec{Trailing: 28, Reach: 90}, AsOf: (e + 1).Start(), MinMatched: 500,
						MinEffect: 0.01, FDR: 0.01, Task: loop.Binary, Loss: loop.LogLoss}
					if ages == "same" {
						q.AsOf = Day(300).Start().Add(5 * 24 * time.Hour)
					}
					answer := x.Evaluate(q)
					found += len(answer.Findings)
				}
			}
			b.ReportMetric(float64(found)/float64(b.N)/300, "findings/evaluation")
			b.ReportMetric(300*float64(b.N)/b.Elapsed().Seconds(), "evaluations/s")
		})
	}
}
