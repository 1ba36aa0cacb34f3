package attribution

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// quiet adds 28 baseline and 7 window days of two segments at fixed losses: a at 0.2, b at 0.6, 100 rows each.
func quiet(t testing.TB) *builder {
	b := newBuilder(t)
	for d := boundary - 35; d < boundary; d++ {
		b.add(rows{day: d, n: 100, loss: 0.2, segment: "a"}, rows{day: d, n: 100, loss: 0.6, segment: "b"})
	}
	return b
}

func inWindow(d Day) bool { return d >= boundary-7 }

func term(e *Evaluation, to TermKind) *Term {
	for i := range e.Terms {
		if e.Terms[i].To == to {
			return &e.Terms[i]
		}
	}
	return &Term{Delta: math.NaN()}
}

func wantNear(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s = %v, want %v within %g", what, got, want, within)
	}
}

func wantPointer(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil {
		t.Errorf("%s unknown, want %v", what, want)
		return
	}
	wantNear(t, what, *got, want, 1e-9)
}

// More rows of the bad segment: 100 and 300 in the window. Shares of b go from .5 to .75, so population is .25 x .4 = .1.
func TestSegmentMixIsPopulation(t *testing.T) {
	b := newBuilder(t)
	for d := boundary - 35; d < boundary; d++ {
		n := int64(100)
		if inWindow(d) {
			n = 300
		}
		b.add(rows{day: d, n: 100, loss: 0.2, segment: "a"}, rows{day: d, n: n, loss: 0.6, segment: "b"})
	}
	e := newAlike(b.cube).Evaluate(question())
	wantPointer(t, "delta", e.Loss.Delta, 0.1)
	wantNear(t, "population", term(&e, ToPopulation).Delta, 0.1, 1e-9)
	wantNear(t, "model", term(&e, ToModel).Delta, 0, 1e-9)
	if e.Verdict != Population || e.Retrain != nil || len(e.Findings) != 0 {
		t.Errorf("verdict %s, retrain %v, findings %v; want population, nil, none", e.Verdict, e.Retrain, e.Findings)
	}
}

// Every row of the window costs 0.05 more: model, whatever the segments.
func TestUniformRiseIsModel(t *testing.T) {
	b := newBuilder(t)
	for d := boundary - 35; d < boundary; d++ {
		rise := 0.0
		if inWindow(d) {
			rise = 0.05
		}
		b.add(rows{day: d, n: 100, loss: 0.2 + rise, segment: "a"}, rows{day: d, n: 100, loss: 0.6 + rise, segment: "b"})
	}
	e := newAlike(b.cube).Evaluate(question())
	wantNear(t, "population", term(&e, ToPopulation).Delta, 0, 1e-9)
	wantNear(t, "model", term(&e, ToModel).Delta, 0.05, 1e-9)
	if e.Verdict != Model {
		t.Errorf("verdict %s, want model", e.Verdict)
	}
	want := "Mean log_loss rose from 0.4000 to 0.4500 (+0.0500, 95 % +0.0500..+0.0500) in the week to 1972-09-27: " +
		"population 0.0000, model +0.0500; nothing in the data conditions accounts for it."
	if e.Summary != want {
		t.Errorf("summary\n%s, want\n%s", e.Summary, want)
	}
}

// Half the rows of each stratum break a promise from the window's first day on and cost 0.3 more on average, each day a
// little differently.
func TestBrokenPromiseRecoversItsCost(t *testing.T) {
	b := newBuilder(t)
	for d := boundary - 35; d < boundary; d++ {
		for _, s := range []string{"a", "b"} {
			base := map[string]float64{"a": 0.2, "b": 0.6}[s] + 0.01*float64(d%3)
			if !inWindow(d) {
				b.add(rows{day: d, n: 100, loss: base, segment: s})
				continue
			}
			b.add(rows{day: d, n: 50, loss: base, segment: s},
				rows{day: d, n: 50, loss: base + 0.3 + 0.02*float64(d-boundary+4), segment: s, codes: map[int]uint16{weatherAge: 1}})
		}
	}
	e := newAlike(b.cube).Evaluate(question())
	if len(e.Findings) != 1 {
		t.Fatalf("%d findings, want 1", len(e.Findings))
	}
	f := e.Findings[0]
	if f.Node != "weather" || f.Tier != Contract || f.State != New || f.Standing || f.Severity != High || f.Basis != Estimated || f.Rows != 700 {
		t.Errorf("finding %+v", f)
	}
	wantPointer(t, "excess", f.ExcessLoss, 0.15)
	wantNear(t, "row share", f.RowShare, 0.5, 1e-12)
	wantNear(t, "cause", term(&e, ToCause).Delta, 0.15, 1e-9)
	wantNear(t, "model", term(&e, ToModel).Delta, 0, 0.011)
	if e.Verdict != Intake || f.Episodes[0].Onset != boundary-7 || f.FirstDay != boundary-7 || f.LastDay != boundary-1 {
		t.Errorf("verdict %s, episodes %v, from %d to %d", e.Verdict, f.Episodes, f.FirstDay, f.LastDay)
	}
	wantPointer(t, "integrity now", e.Integrity.Current, 0.5)
	wantPointer(t, "integrity before", e.Integrity.Baseline, 1)
	// Day values 0.12..0.18: variance .0004 x 28/6 / 4, autocorrelation of a line of 7 days 4/7 + 1/7, clipped to .6.
	if f.CI95 == nil || !(f.CI95[0] < 0.15 && f.CI95[1] > 0.15 && f.CI95[0] > 0.08) {
		t.Errorf("interval %v around 0.15", f.CI95)
	}
}

// A fault on every row of its days has nothing to compare with: its cost is unknown, bounded above by all of its loss, and
// hides population from model.
func TestFaultWithoutControlsIsNotIdentified(t *testing.T) {
	b := newBuilder(t)
	for d := boundary - 35; d < boundary; d++ {
		r := rows{day: d, n: 100, loss: 0.4, segment: "a"}
		if inWindow(d) {
			r.loss, r.codes = 0.7, map[int]uint16{weatherAge: 1}
		}
		b.add(r)
	}
	e := newAlike(b.cube).Evaluate(question())
	f := e.Findings[0]
	if f.Basis != NotIdentified || f.Severity != Medium || f.WorstDay != 1 || e.Verdict != Intake || f.ExcessLoss != nil || f.Q != nil {
		t.Errorf("finding %+v", f)
	}
	wantPointer(t, "upper bound", f.Bounds.Upper, 0.7)
	if f.Bounds.Lower != nil {
		t.Errorf("lower bound %v, want unknown", *f.Bounds.Lower)
	}
	wantNear(t, "unseparated", term(&e, ToUnseparated).Delta, 0.3, 1e-9)
	if len(e.Terms) != 2 || e.Retrain != nil {
		t.Errorf("%d terms, retrain %v; want cause and unseparated, nil", len(e.Terms), e.Retrain)
	}
}

// Two findings on the same rows share what these rows cost; a row hit by one alone is its own.
func TestFindingsShareTheirRows(t *testing.T) {
	b := newBuilder(t)
	for d := boundary - 35; d < boundary; d++ {
		b.add(rows{day: d, n: 100, loss: 0.2, segment: "a"})
		if inWindow(d) {
			b.add(rows{day: d, n: 50, loss: 0.6, segment: "a", codes: map[int]uint16{weatherAge: 1, tempValue: 1}},
				rows{day: d, n: 50, loss: 0.3, segment: "a", codes: map[int]uint16{tempValue: 1}})
		}
	}
	e := newAlike(b.cube).Evaluate(question())
	if len(e.Findings) != 2 || e.Findings[0].Node != "temp" || e.Findings[1].Node != "weather" {
		t.Fatalf("findings %+v, want temp and weather", e.Findings)
	}
	wantPointer(t, "temp", e.Findings[0].ExcessLoss, (50*0.2+50*0.1)/200)
	wantPointer(t, "weather", e.Findings[1].ExcessLoss, 50*0.2/200)
	wantNear(t, "model", term(&e, ToModel).Delta, 0, 1e-9)
}

// The window's newest day is known at age 1 only, its older ones in full: the baseline's loss is taken at each day's age.
func TestBaselineIsTakenAtEachDaysAge(t *testing.T) {
	b := newBuilder(t)
	for d := boundary - 35; d < boundary; d++ {
		b.add(rows{day: d, n: 100, loss: 0.2, segment: "a", age: 1})
		if d != boundary-1 {
			b.add(rows{day: d, n: 100, loss: 0.6, segment: "b", age: 2})
		}
	}
	q := question()
	q.AsOf = boundary.Start().Add(24 * 3600 * 1e9)
	e := newAlike(b.cube).Evaluate(q)
	wantPointer(t, "baseline", e.Loss.Baseline, (1200*0.4+100*0.2)/1300)
	wantPointer(t, "delta", e.Loss.Delta, 0)
	wantNear(t, "population", term(&e, ToPopulation).Delta, 0, 1e-9)
	wantNear(t, "model", term(&e, ToModel).Delta, 0, 1e-9)
}

// All rows move from version 1 to a version 2 that costs 0.1 more, while nothing changes within a version.
func TestRollout(t *testing.T) {
	b := newBuilder(t)
	for d := boundary - 35; d < boundary; d++ {
		v1, v2 := int64(90), int64(10)
		if inWindow(d) {
			v1, v2 = 10, 90
		}
		b.add(rows{day: d, n: v1, loss: 0.2, version: "1"}, rows{day: d, n: v2, loss: 0.3, version: "2"})
	}
	e := newAlike(b.cube).Evaluate(question())
	m := term(&e, ToModel)
	wantNear(t, "model", m.Delta, 0.08, 1e-9)
	wantPointer(t, "rollout", m.Rollout, 0.08)
	wantPointer(t, "within version", m.WithinVersion, 0)

	e = newAlike(quiet(t).cube).Evaluate(question())
	if m := term(&e, ToModel); m.Rollout != nil || m.WithinVersion != nil {
		t.Errorf("one version has rollout %v, within %v; want none", m.Rollout, m.WithinVersion)
	}
}

// A promise that is broken for less than most of any day, and whose cost cannot be told, is low: known, and no verdict.
func TestPromiseBrokenForAPartOfTheDay(t *testing.T) {
	b := newBuilder(t)
	for d := boundary - 35; d < boundary; d++ {
		b.add(rows{day: d, n: 100, loss: 0.4, segment: "a"})
		if inWindow(d) {
			b.add(rows{day: d, n: 40, loss: 0.4, segment: "b", codes: map[int]uint16{weatherAge: 1}})
		}
	}
	e := newAlike(b.cube).Evaluate(question())
	f := e.Findings[0]
	if f.Basis != NotIdentified || f.Severity != Low || e.Verdict == Intake {
		t.Errorf("verdict %s, finding %+v", e.Verdict, f)
	}
}

// Corrections that cancel within a segment, one of an affected row against one of a control, leave nothing behind that the
// next segment's controls could be mistaken by. The window's last day does not know them yet, so that the baseline is
// mixed of two ages; window and baseline are alike, and nothing has changed.
func TestCancellingCorrectionsStayInTheirSegment(t *testing.T) {
	old := map[int]uint16{weatherAge: 1}
	b := newBuilder(t)
	for d := boundary - 35; d < boundary; d++ {
		b.add(rows{day: d, n: 60, loss: 0.25, segment: "a"}, rows{day: d, n: 40, loss: 0.25, segment: "a", codes: old},
			rows{day: d, n: 60, loss: 0.5, segment: "b"}, rows{day: d, n: 40, loss: 0.75, segment: "b", codes: old})
		b.cube.Cells = append(b.cube.Cells, // a day later, in segment a
			Cell{Day: d, Fingerprint: 0, Age: 1, Loss: FixedOf(5)}, Cell{Day: d, Fingerprint: 1, Age: 1, Loss: FixedOf(-5)})
	}
	q := question()
	q.AsOf = boundary.Start()
	e := newAlike(b.cube).Evaluate(q)
	// Of 200 rows a day 40 in b cost .25 more than their like. A day later 40 rows of a have cost 5/40 less each, and their
	// like 5/60 more; that is known of six of the window's seven days.
	wantPointer(t, "excess loss", e.Findings[0].ExcessLoss, (40*0.25-6./7*40*(5./40+5./60))/200)
	wantNear(t, "cause", e.Terms[0].Delta, 0, 1e-9)
}

// TestRareSegments: where segments are so many that most are in one period alone by chance, a rise of all rows is the model's, as it is where
// they are few; one that comes with many rows is the population's.
func TestRareSegments(t *testing.T) {
	for _, segments := range []int{25, 900, 4000} {
		r := rand.New(rand.NewPCG(2, uint64(segments)))
		b := newBuilder(t)
		at := map[int]int{} // builder's look-up by name is slow for so many
		for d := boundary - 35; d < boundary; d++ {
			for range 150 {
				k := r.IntN(segments)
				loss := 0.4 + 0.1*r.Float64()
				if d >= boundary-7 {
					loss += 0.7
				}
				if _, ok := at[k]; !ok {
					at[k] = len(b.cube.Segments)
					b.cube.Segments = append(b.cube.Segments, []string{fmt.Sprint(k)})
				}
				cell := Cell{Day: d, Segment: int32(at[k])}
				predicted, known := cell, cell
				predicted.Age, predicted.Predictions = AgePredicted, 1
				known.Rows, known.Weight, known.Loss = 1, FixedOfInt(1), FixedOf(math.Round(loss*1e6)/1e6)
				b.cube.Cells = append(b.cube.Cells, predicted, known)
			}
			b.cube.Closed[d] = true
		}
		b.cube.Versions, b.cube.Fingerprints = []string{""}, [][]uint64{b.layout.Pack(make([]uint16, len(b.layout.Conditions)))}
		e := NewIndex(b.cube).Evaluate(question())
		population, model := term(&e, ToPopulation), term(&e, ToModel)
		if math.Abs(population.Delta) > 0.02 || math.Abs(model.Delta-0.7) > 0.03 || e.Verdict != "model" {
			t.Errorf("%d segments: population %v, model %v, verdict %s", segments, population.Delta, model.Delta, e.Verdict)
		}
		noted := slices.ContainsFunc(e.Notes, func(n string) bool { return strings.HasPrefix(n, "rare_segments: ") })
		if noted != (segments == 4000) {
			t.Errorf("%d segments: notes %q", segments, e.Notes)
		}
		sum := 0.0
		for _, one := range e.Terms {
			sum += one.Delta
		}
		wantNear(t, "the terms' sum", sum, *e.Loss.Delta, 1e-9)
	}
}
