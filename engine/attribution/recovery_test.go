package attribution

import "testing"

// TestRecovered: a fifth of the rows lost .5 more for ten days and then no more: .1 a row of all came back.
func TestRecovered(t *testing.T) {
	for name, test := range map[string]struct {
		ended Day // before the boundary
		all   bool
		want  *float64
	}{
		"over":               {20, false, float(.1)},
		"still on":           {0, false, nil},
		"too short a while":  {3, false, nil},
		"nothing to tell by": {20, true, nil},
	} {
		b := newBuilder(t)
		for d := boundary - 60; d < boundary; d++ {
			hit := rows{day: d, n: 20, loss: .3, segment: "a"}
			if d >= boundary-30 && d < boundary-test.ended {
				hit.loss, hit.codes = .8, map[int]uint16{weatherAge: 1}
			}
			sound := rows{day: d, n: 80, loss: .3, segment: "a"}
			if test.all {
				sound.codes, sound.loss = hit.codes, hit.loss
			}
			b.add(sound, hit)
		}
		q := question()
		q.Claims = []Claim{{Cause: "old", Node: "weather", Proven: true, Tier: Replayed, Levels: []LevelName{{"weather.staleness", "old"}}}}
		e := newAlike(b.cube).Evaluate(q)
		if len(e.Findings) != 1 {
			t.Errorf("%s: %d findings", name, len(e.Findings))
			continue
		}
		f := &e.Findings[0]
		if (f.State == Resolved) != (test.ended >= endingGap) {
			t.Errorf("%s: %s", name, f.State)
		}
		if test.want == nil {
			if f.Recovered != nil {
				t.Errorf("%s: %v came back", name, *f.Recovered)
			}
			continue
		}
		if f.Recovered == nil {
			t.Errorf("%s: nobody knows what came back: %+v", name, f)
			continue
		}
		wantNear(t, name, *f.Recovered, *test.want, 1e-9)
	}
}

func float(v float64) *float64 { return &v }
