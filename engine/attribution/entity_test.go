package attribution

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// entityWorld draws 35 days of rows of entities, each of which loses more or less than others in every row, and half of which are there in a
// week: a week's mean is that of those who came. Where each is alone in its day they are as good as rows.
func entityWorld(t testing.TB, r *rand.Rand, entities int, spread float64) (*Index, Question) {
	b := newBuilder(t)
	effects := make([]float64, entities)
	for e := range effects {
		effects[e] = spread * r.NormFloat64()
	}
	lost := map[Day][]EntityLoss{}
	here := make([]bool, entities)
	for d := boundary - 35; d < boundary; d++ {
		if (boundary-d)%7 == 0 {
			for e := range here {
				here[e] = r.IntN(2) == 0
			}
			here[r.IntN(entities)] = true
		}
		shock, n, sum := 0.02*r.NormFloat64(), int64(0), 0.0
		groups := map[int32][2]float64{}
		for e := range here {
			if !here[e] {
				continue
			}
			rows := int64(2 + r.IntN(6))
			loss := float64(rows)*(0.5+shock+effects[e]) + math.Sqrt(float64(rows))*0.1*r.NormFloat64()
			g := int32(e % 64)
			groups[g] = [2]float64{groups[g][0] + float64(rows), groups[g][1] + loss}
			n, sum = n+rows, sum+loss
		}
		for _, g := range slices.Sorted(maps.Keys(groups)) {
			lost[d] = append(lost[d], EntityLoss{Age: 1, Group: g, Weight: FixedOf(groups[g][0]), Loss: FixedOf(groups[g][1])})
		}
		b.add(rows{day: d, n: n, loss: sum / float64(n), version: "v1", age: 1})
	}
	q := question()
	q.Entities = func(d Day) []EntityLoss { return lost[d] }
	return NewIndex(b.cube), q
}

// TestEntityCoverage: where the rows of an entity go together and other entities come each week, the intervals hold what is true in 91 to
// 98 of 100 draws with entities declared, and in far fewer by days alone; where entities are no different days alone say nearly the same.
func TestEntityCoverage(t *testing.T) {
	const draws = 300
	for _, tt := range []struct {
		entities      int
		spread        float64
		least, most   float64
		alone, widest float64 // coverage by days alone is below, and the mean widening at most
	}{
		{40, 0.1, 0.91, 0.98, 0.90, 3},
		{400, 0.2, 0.91, 0.98, 0.95, 3},
		{40, 0, 0.91, 0.98, 1, 1.05},
	} {
		r := rand.New(rand.NewPCG(uint64(tt.entities), 31))
		held, alone, wider := 0, 0, 0.0
		for range draws {
			x, q := entityWorld(t, r, tt.entities, tt.spread)
			ci := *x.Evaluate(q).Loss.CI95
			if ci[0] <= 0 && ci[1] >= 0 {
				held++
			}
			q.Entities = nil
			days := *x.Evaluate(q).Loss.CI95
			if days[0] <= 0 && days[1] >= 0 {
				alone++
			}
			wider += (ci[1] - ci[0]) / (days[1] - days[0]) / draws
		}
		share, by := float64(held)/draws, float64(alone)/draws
		t.Logf("%d entities of spread %g: %.3f covered, by days alone %.3f, %.2f times as wide", tt.entities, tt.spread, share, by, wider)
		if share < tt.least || share > tt.most || by > tt.alone || wider > tt.widest {
			t.Errorf("%d entities of spread %g: %.3f covered, by days alone %.3f, %.2f times as wide", tt.entities, tt.spread, share, by, wider)
		}
	}
}
