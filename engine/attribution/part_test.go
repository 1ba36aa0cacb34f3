package attribution

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOfParts: the rows of a cube are those of each value of each of its columns, once.
func TestOfParts(t *testing.T) {
	cube := randomCube(t, 5)
	columns := map[string]map[string]bool{}
	see := func(name, value string) {
		if columns[name] == nil {
			columns[name] = map[string]bool{}
		}
		columns[name][value] = true
	}
	for _, values := range cube.Segments {
		for k, name := range cube.SegmentNames {
			see(name, values[k])
		}
	}
	for _, name := range cube.Versions {
		see("version", name)
	}
	for _, print := range cube.Fingerprints {
		for k, c := range cube.Layout.Conditions {
			see(c.Name(), c.LevelName(cube.Layout.Level(print, k)))
		}
	}
	if len(columns) < 3 {
		t.Fatalf("columns %v", columns)
	}
	for name, values := range columns {
		var rows, predictions int64
		for value := range values {
			for _, c := range cube.Of([]SliceValue{{name, value}}).Cells {
				rows, predictions = rows+c.Rows, predictions+c.Predictions
			}
		}
		for _, c := range cube.Cells {
			rows, predictions = rows-c.Rows, predictions-c.Predictions
		}
		if rows != 0 || predictions != 0 {
			t.Errorf("%s: %d rows and %d predictions too many", name, rows, predictions)
		}
	}
	if n := len(cube.Of([]SliceValue{{"no such", "x"}}).Cells); n != 0 {
		t.Errorf("%d cells of a column that is not there", n)
	}
	if !slices.Equal(cube.Cells, cube.Of(nil).Cells) {
		t.Error("a part of no condition is not the whole")
	}
}

// TestPartMetrics: a slice's metrics are those of a world that has no other rows, over the days by which the whole is judged; its loss and
// rows are those that the slice is told with.
func TestPartMetrics(t *testing.T) {
	cube := slicy(t, 9, 0.4, func(origin, _ string, _ uint16) bool { return origin == "d" })
	q := question()
	whole := NewIndex(cube)
	told := slicesIn(whole, q)
	if len(told) != 1 {
		t.Fatalf("%+v", told)
	}
	got := whole.PartMetrics(q, NewIndex(cube.Of(told[0].Where)))
	alone := NewIndex(cube.Of(told[0].Where)).Evaluate(q)
	if diff := cmp.Diff(alone.Metrics, got); diff != "" {
		t.Error(diff)
	}
	if off := got.Current[string(q.Loss)] - told[0].Loss; math.Abs(off) > 2e-9 || got.Current[string(q.Loss)]-got.Baseline[string(q.Loss)] < 0.3 {
		t.Errorf("loss %v before and %v now, told %v", got.Baseline[string(q.Loss)], got.Current[string(q.Loss)], told[0].Loss)
	}
	if ci, ok := got.CI95[string(q.Loss)]; !ok || ci[0] <= 0 || ci[1] <= ci[0] {
		t.Errorf("interval %v", ci)
	}
	// A part that a day of the baseline has no row of is told without that day, and one of no rows by nothing.
	less := cube.Of(told[0].Where)
	less.Cells = less.Cells[len(less.Cells)/7:]
	if m := whole.PartMetrics(q, NewIndex(less)); len(m.Current) == 0 || m.Current[string(q.Loss)] != got.Current[string(q.Loss)] {
		t.Errorf("of a part that came later: %v", m)
	}
	if m := whole.PartMetrics(q, NewIndex(cube.Of([]SliceValue{{"origin", "none"}}))); len(m.Current)+len(m.Baseline)+len(m.CI95) != 0 {
		t.Errorf("of no rows: %v", m)
	}
}

// TestPartOrder: neither the order of cells and dictionaries nor how cells are split reaches a part.
func TestPartOrder(t *testing.T) {
	cube, q := randomCube(t, 8), question()
	where := []SliceValue{{cube.SegmentNames[0], cube.Segments[0][0]}}
	want := NewIndex(cube).PartMetrics(q, NewIndex(cube.Of(where)))
	r := rand.New(rand.NewPCG(4, 4))
	for range 4 {
		other := shuffled(cube, r)
		if diff := cmp.Diff(want, NewIndex(other).PartMetrics(q, NewIndex(other.Of(where)))); diff != "" {
			t.Fatal(diff)
		}
	}
}
