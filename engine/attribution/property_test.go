package attribution

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shuffled gives the same cube with cells and dictionaries in another order.
func shuffled(c *Cube, r *rand.Rand) *Cube {
	out := *c
	out.Cells = append([]Cell(nil), c.Cells...)
	r.Shuffle(len(out.Cells), func(i, j int) { out.Cells[i], out.Cells[j] = out.Cells[j], out.Cells[i] })
	versions, segments, prints := r.Perm(len(c.Versions)), r.Perm(len(c.Segments)), r.Perm(len(c.Fingerprints))
	out.Versions, out.Segments, out.Fingerprints = make([]string, len(versions)), make([][]string, len(segments)), make([][]uint64, len(prints))
	for i, k := range versions {
		out.Versions[k] = c.Versions[i]
	}
	for i, k := range segments {
		out.Segments[k] = c.Segments[i]
	}
	for i, k := range prints {
		out.Fingerprints[k] = c.Fingerprints[i]
	}
	for i := range out.Cells {
		o := &out.Cells[i]
		o.Version, o.Segment, o.Fingerprint = int32(versions[o.Version]), int32(segments[o.Segment]), int32(prints[o.Fingerprint])
	}
	return &out
}

// split parts the rows of each cell in two cells of the same key.
func split(c *Cube, r *rand.Rand) *Cube {
	out := *c
	out.Cells = nil
	for _, whole := range c.Cells {
		a, b := whole, whole
		k := r.Int64N(4)
		a.Predictions, a.Rows = whole.Predictions*k/4, whole.Rows*k/4
		b.Predictions, b.Rows = whole.Predictions-a.Predictions, whole.Rows-a.Rows
		for _, f := range []struct{ whole, a, b *Fixed }{
			{&whole.Weight, &a.Weight, &b.Weight}, {&whole.Loss, &a.Loss, &b.Loss}, {&whole.Score, &a.Score, &b.Score},
			{&whole.Outcome, &a.Outcome, &b.Outcome}, {&whole.ScoreSq, &a.ScoreSq, &b.ScoreSq}, {&whole.OutcomeSq, &a.OutcomeSq, &b.OutcomeSq},
			{&whole.ScoreOut, &a.ScoreOut, &b.ScoreOut}, {&whole.AbsError, &a.AbsError, &b.AbsError}} {
			*f.a = FixedOf(f.whole.Float() * float64(k) / 4)
			*f.b = f.whole.Sub(*f.a)
		}
		out.Cells = append(out.Cells, a, b)
	}
	return &out
}

func TestOrderNeverMatters(t *testing.T) {
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 3))
		cube := randomCube(t, seed)
		q := question()
		if seed%2 == 1 {
			q.AsOf = boundary.Start()
		}
		want := newAlike(cube).Evaluate(q)
		if diff := cmp.Diff(want, newAlike(shuffled(cube, r)).Evaluate(q)); diff != "" {
			t.Fatalf("seed %d, shuffled: %s", seed, diff)
		}
		if diff := cmp.Diff(want, newAlike(split(cube, r)).Evaluate(q)); diff != "" {
			t.Fatalf("seed %d, split: %s", seed, diff)
		}
	}
}

func TestTermsSum(t *testing.T) {
	causes := 0
	for seed := range uint64(40) {
		q := question()
		r := rand.New(rand.NewPCG(seed, 4))
		q.Window = []int{1, 3, 7, 14}[r.IntN(4)]
		q.AsOf = boundary.Start().Add(24 * 3600 * 1e9 * 2 * 1)
		e := newAlike(randomCube(t, seed)).Evaluate(q)
		if _, err := json.Marshal(e); err != nil {
			t.Fatalf("seed %d: not a number in the evaluation: %v", seed, err)
		}
		sum := 0.0
		for _, term := range e.Terms {
			sum += term.Delta
			if term.To == ToCause {
				causes++
			}
			if term.Rollout != nil {
				wantNear(t, "rollout + within version", *term.Rollout+*term.WithinVersion, term.Delta, 1e-9)
			}
		}
		wantNear(t, "sum of terms", sum, *e.Loss.Delta, 1e-9)
		wantNear(t, "current - baseline", *e.Loss.Current-*e.Loss.Baseline, *e.Loss.Delta, 1.1e-9)
	}
	if causes == 0 {
		t.Error("no finding in any cube")
	}
}

// The model term written is what the account has, not a residual that hides an error of it.
func TestResidualIsRounding(t *testing.T) {
	for seed := range uint64(20) {
		x := NewIndex(randomCube(t, seed))
		q := question()
		q.AsOf = boundary.Start().Add(24 * 3600 * 1e9)
		window, _ := x.chooseWindow(q)
		baseline, _ := x.chooseBaseline(q)
		a := x.matchAges(q, window, baseline)
		in, base := x.count(window), x.count(baseline)
		nominal := x.nominal(&base)
		all := x.candidates(nil, x.listLevels(q, window, baseline, &in, &base, nominal), window, &in)
		h := x.newHits(nominal, all)
		v := x.historyOf(q.Since, q.Boundary, h, len(all))
		found := make([]Finding, len(all))
		acc := x.account(q, window, baseline, &a, h, &v, found)
		sum := acc.population + acc.model
		for f := range found {
			if acc.identified[f] {
				sum += acc.excess[f] - acc.before[f]
			}
		}
		wantNear(t, "terms before rounding", sum, acc.current-acc.baseline, 1e-12)
	}
}

// Where every row is nominal there is nothing but population and model.
func TestNominalCubeHasNoCause(t *testing.T) {
	b := newBuilder(t)
	r := rand.New(rand.NewPCG(9, 9))
	for d := boundary - 40; d < boundary; d++ {
		for _, s := range []string{"a", "b", "c"} {
			b.add(rows{day: d, n: 1 + r.Int64N(90), loss: math.Round(r.Float64()*1e6) / 1e6, segment: s, codes: map[int]uint16{radarAge: uint16(r.IntN(2))}})
		}
	}
	e := newAlike(b.cube).Evaluate(question())
	if len(e.Findings) != 0 || len(e.Terms) != 2 {
		t.Errorf("%d findings, %d terms; want 0 and 2: %+v", len(e.Findings), len(e.Terms), e.Findings)
	}
	wantPointer(t, "integrity", e.Integrity.Current, 1)
}

// Nothing, or next to nothing, is answered without a panic and without a number.
func TestEmpty(t *testing.T) {
	one := newBuilder(t).add(rows{day: boundary - 1, n: 3, loss: 0.5})
	noBaseline := quiet(t)
	noBaseline.cube.Cells = noBaseline.cube.Cells[4*28:]
	unlabelled := quiet(t)
	for i := range unlabelled.cube.Cells {
		if c := &unlabelled.cube.Cells[i]; c.Age != AgePredicted {
			*c = Cell{Day: c.Day, Age: c.Age}
		}
	}
	open := quiet(t)
	clear(open.cube.Closed)
	for name, cube := range map[string]*Cube{"nil": nil, "empty": {}, "one day": one.cube, "no baseline": noBaseline.cube,
		"no outcomes": unlabelled.cube, "all open": open.cube, "no layout": {Cells: quiet(t).cube.Cells, Closed: quiet(t).cube.Closed}} {
		for _, q := range []Question{question(), {Boundary: boundary}, {}} {
			e := newAlike(cube).Evaluate(q)
			if _, err := json.Marshal(e); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if name != "no layout" && e.Verdict != Insufficient {
				t.Errorf("%s: verdict %s, want insufficient", name, e.Verdict)
			}
			if e.Summary == "" {
				t.Errorf("%s: no summary", name)
			}
		}
	}
}
