package attribution

import (
	"math"
	"strings"
	"testing"

	"github.com/plumbline-data/plumbline/engine/loop"
)

// costly is a quiet loop in which half the rows of the window have codes and cost more, a little differently by day.
func costly(t *testing.T, codes map[int]uint16, more float64) *Cube {
	b := newBuilder(t)
	for d := boundary - 35; d < boundary; d++ {
		b.add(rows{day: d, n: 100, loss: 0.4})
		if inWindow(d) {
			b.add(rows{day: d, n: 100, loss: 0.4 + more*(1+0.05*float64(d%2)), codes: codes})
		}
	}
	return b.cube
}

func TestVerdictAndSeverity(t *testing.T) {
	for _, c := range []struct {
		name     string
		codes    map[int]uint16
		more     float64
		ask      func(*Question)
		severity Severity
		verdict  Verdict
		says     string
	}{
		{name: "large", codes: map[int]uint16{weatherAge: 1}, more: 0.1, severity: High, verdict: Intake, says: "mend the intake first: weather"},
		{name: "moderate", codes: map[int]uint16{weatherAge: 1}, more: 0.01, severity: Medium, verdict: Intake},
		{name: "small", codes: map[int]uint16{weatherAge: 1}, more: 0.001, severity: Low, verdict: Healthy},
		{name: "small and inferred", codes: map[int]uint16{tempValue: 1}, more: 0.001, severity: Info, verdict: Healthy},
		{name: "it helps", codes: map[int]uint16{weatherAge: 1}, more: -0.1, severity: Low, verdict: Healthy},
		{name: "outcomes", codes: map[int]uint16{outcomeState: 2, weatherAge: 1}, more: 0.1, severity: High, verdict: Outcomes, says: "mend the outcomes first"},
		{name: "too few", codes: map[int]uint16{weatherAge: 1}, more: 0.1, ask: func(q *Question) { q.MinMatched = 1401 }, severity: High, verdict: Insufficient,
			says: "too little to judge, 1400 matched predictions where 1401 are needed"},
	} {
		q := question()
		if c.ask != nil {
			c.ask(&q)
		}
		e := newAlike(costly(t, c.codes, c.more)).Evaluate(q)
		if e.Findings[0].Severity != c.severity || e.Verdict != c.verdict || !strings.Contains(e.Summary, c.says) {
			t.Errorf("%s: %s, verdict %s, want %s, %s %q: %s", c.name, e.Findings[0].Severity, e.Verdict, c.severity, c.verdict, c.says, e.Summary)
		}
	}
}

// The base rate goes from .1 to .2 and the loss with it, by less than the entropy does: nothing that retraining mends.
func TestHarderWorldIsNoReasonToRetrain(t *testing.T) {
	b := newBuilder(t)
	for d := boundary - 35; d < boundary; d++ {
		positives, loss := int64(100), 0.35
		if inWindow(d) {
			positives, loss = 200, 0.40
		}
		b.add(rows{day: d, n: positives, loss: loss, outcome: 1, score: 0.1}, rows{day: d, n: 1000 - positives, loss: loss, score: 0.1})
	}
	e := newAlike(b.cube).Evaluate(question())
	entropy := func(p float64) float64 { return -p*math.Log(p) - (1-p)*math.Log(1-p) }
	wantPointer(t, "uncertainty", term(&e, ToModel).Uncertainty, nine(entropy(.2)-entropy(.1)))
	if e.Verdict != Model || e.Retrain == nil || *e.Retrain {
		t.Errorf("verdict %s, retrain %v; want model, false", e.Verdict, e.Retrain)
	}
	wantNear(t, "base rate", e.Metrics.Current["base_rate"], 0.2, 1e-9)
	wantNear(t, "calibration in the large", e.Metrics.Current["calibration_in_the_large"], -0.1, 1e-9)
	wantNear(t, "brier", e.Metrics.Baseline["brier"], .1*.81+.9*.01, 1e-9)
	wantNear(t, "log loss", e.Metrics.Baseline["log_loss"], 0.35, 1e-9)
}

func TestRetrainWhileAProvenFindingIsOpen(t *testing.T) {
	q := question()
	q.Unhealthy = func(d Day) bool { return d == boundary-1 }
	if e := newAlike(quiet(t).cube).Evaluate(q); e.Retrain == nil || *e.Retrain {
		t.Errorf("retrain %v, want false", e.Retrain)
	}
}

func TestRegressionMetrics(t *testing.T) {
	b := newBuilder(t)
	for d := boundary - 35; d < boundary; d++ {
		b.add(rows{day: d, n: 50, loss: 4, score: 12, outcome: 10}, rows{day: d, n: 50, loss: 16, score: 16, outcome: 20})
	}
	q := question()
	q.Task, q.Loss = loop.Regression, loop.SquaredError
	e := newAlike(b.cube).Evaluate(q)
	wantNear(t, "mae", e.Metrics.Current["mae"], 3, 1e-9)
	wantNear(t, "rmse", e.Metrics.Current["rmse"], math.Sqrt(10), 1e-9)
	wantNear(t, "bias", e.Metrics.Baseline["bias"], -1, 1e-9)
	wantPointer(t, "uncertainty", term(&e, ToModel).Uncertainty, 0)
	q.Loss = loop.AbsoluteError
	e = newAlike(b.cube).Evaluate(q)
	if u := term(&e, ToModel).Uncertainty; u != nil {
		t.Errorf("uncertainty of absolute_error %v, want none", *u)
	}
}

// A promise broken for most of a day whose estimated cost may be anything is medium; one whose cost is known to be small
// is low, and so is one that is broken for less.
func TestSeverityOfFacts(t *testing.T) {
	cost := 0.001
	for _, c := range []struct {
		name  string
		basis Basis
		worst float64
		ci    *[2]float64
		want  Severity
	}{
		{"unknown cost, most of a day", NotIdentified, 0.9, nil, Medium},
		{"unknown cost, half a day", NotIdentified, 0.5, nil, Low},
		{"estimated, may matter", Estimated, 0.9, &[2]float64{-0.05, 0.06}, Medium},
		{"estimated, no interval", Estimated, 0.9, nil, Medium},
		{"estimated, known to be small", Estimated, 0.9, &[2]float64{-0.001, 0.003}, Low},
		{"estimated, may matter, half a day", Estimated, 0.5, &[2]float64{-0.05, 0.06}, Low},
	} {
		f := Finding{Tier: Replayed, Basis: c.basis, WorstDay: c.worst, CI95: c.ci}
		if c.basis == Estimated {
			f.ExcessLoss = &cost
		}
		if f.grade(question(), 0.4); f.Severity != c.want {
			t.Errorf("%s: %s, want %s", c.name, f.Severity, c.want)
		}
	}
}

// A state older than all that was looked at is told as such, and not as a cost that does not stand out.
func TestSummaryOfAStandingFinding(t *testing.T) {
	e := Evaluation{Verdict: Healthy, Findings: []Finding{{Severity: High, Standing: true}, {Severity: Low}}}
	want := "nothing to mend, 2 findings in the data conditions, 1 of which had stood for as long as was looked at: no incident of these days"
	if got := e.conclusion(question()); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
