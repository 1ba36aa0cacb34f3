package engine_test

import (
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/warehouse"
	"github.com/plumbline-data/plumbline/fixtures/lake"
)

// checkMonths: every month of the year against the one before. No cause is named; the terms sum to the change, and the parts of the model term
// to it; in April and June it carries the rise, for the most part because what is to be predicted became less certain.
func checkMonths(t *testing.T, path string) {
	t.Helper()
	db, err := warehouse.Open(t.Context(), warehouse.Options{Memory: 1 << 30, Temp: t.TempDir(), Allowed: []string{filepath.Dir(path)}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	l, err := loop.Load(filepath.Join(lake.Shared(t, "flights-nyc2013"), "loop.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	reader, err := ledger.Open(t.Context(), db, path, l.Name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	first, end := attribution.DayOf(utc(t, "2013-03-01")), attribution.DayOf(utc(t, "2014-01-01"))
	cube, err := reader.Cube(t.Context(), first, end)
	if err != nil {
		t.Fatal(err)
	}
	series, err := reader.Series(t.Context(), "", first, end)
	if err != nil {
		t.Fatal(err)
	}
	index := attribution.NewIndex(cube)
	// What the month's model term is, and its parts: uncertainty, calibration, resolution.
	want := map[time.Month][4]float64{time.April: {.083, .056, .022, .005}, time.June: {.115, .090, .037, -.012}}
	for month := time.April; month <= time.December; month++ {
		from, to := time.Date(2013, month, 1, 0, 0, 0, 0, time.UTC), time.Date(2013, month+1, 1, 0, 0, 0, 0, time.UTC)
		q := attribution.QuestionOf(l, attribution.DayOf(to), utc(t, "2014-02-01"))
		q.Window = int(attribution.DayOf(to) - attribution.DayOf(from))
		q.Baseline = attribution.BaselineSpec{From: attribution.DayOf(from.AddDate(0, -1, 0)), To: attribution.DayOf(from)}
		q.Scores = series.Scores
		e := index.Evaluate(q)
		t.Logf("%s: %s, %s", month, e.Verdict, e.Summary)
		sum := 0.0
		for _, term := range e.Terms {
			sum += term.Delta
		}
		if math.Abs(sum-*e.Loss.Delta) > 1e-9 {
			t.Errorf("%s: %d terms that sum to %v of %v", month, len(e.Terms), sum, *e.Loss.Delta)
		}
		// Hours without weather are a condition of the data in some months, and no cause of anything; on the last two days of the year there is none.
		for _, f := range e.Findings {
			if f.Node != "weather" || f.Cause != "" || month != time.December && math.Abs(f.Delta) > 5e-4 {
				t.Errorf("%s: %s %s is named, at %v", month, f.Node, f.Cause, f.Delta)
			}
		}
		if len(e.Findings) > 0 {
			if _, ok := want[month]; ok {
				t.Errorf("%s: %d findings, want none", month, len(e.Findings))
			}
			continue
		}
		model := e.Terms[1]
		if model.Calibration == nil || model.Resolution == nil {
			t.Errorf("%s: the model term has no parts", month)
			continue
		}
		t.Logf("model %+.4f = uncertainty %+.4f, calibration %+.4f, resolution %+.4f; retrain %v", model.Delta, *model.Uncertainty, *model.Calibration, *model.Resolution, e.Retrain)
		if off := model.Delta - *model.Uncertainty - *model.Calibration - *model.Resolution; math.Abs(off) > 1e-8 {
			t.Errorf("%s: the parts of the model term miss it by %v", month, off)
		}
		if w, ok := want[month]; ok {
			for i, got := range []float64{model.Delta, *model.Uncertainty, *model.Calibration, *model.Resolution} {
				if math.Abs(got-w[i]) > .004 {
					t.Errorf("%s: part %d of the model term is %.4f, want about %.3f", month, i, got, w[i])
				}
			}
		}
	}
}
