package engine

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/intake"
)

// A column is gone from its first absence until all files have it again; what the loop file does not use is passed over.
func TestVanished(t *testing.T) {
	at := func(d int) time.Time { return time.Date(2024, 2, d, 6, 0, 0, 0, time.UTC) }
	change := func(d int, kind, column string, partly bool) intake.Change {
		return intake.Change{At: at(d), Kind: kind, Column: column, Partly: partly}
	}
	const gone, back = intake.ColumnVanished, intake.ColumnAppeared
	for _, tt := range []struct {
		name    string
		changes []intake.Change
		want    []cause.Span
		partly  []bool
	}{
		{"lasts", []intake.Change{change(1, gone, "Temp", false)}, []cause.Span{{From: at(1)}}, []bool{false}},
		{"is back", []intake.Change{change(1, gone, "temp", false), change(3, back, "TEMP", false)}, []cause.Span{{From: at(1), To: at(3)}}, []bool{false}},
		{"goes by halves", []intake.Change{change(1, gone, "temp", true), change(2, gone, "temp", false), change(3, back, "temp", true), change(4, back, "temp", false)},
			[]cause.Span{{From: at(1), To: at(4)}}, []bool{false}},
		{"from a part of the files", []intake.Change{change(1, gone, "temp", true)}, []cause.Span{{From: at(1)}}, []bool{true}},
		{"twice", []intake.Change{change(1, gone, "temp", false), change(2, back, "temp", false), change(5, gone, "temp", false)},
			[]cause.Span{{From: at(1), To: at(2)}, {From: at(5)}}, []bool{false, false}},
		{"appeared, not used, of no time", []intake.Change{change(1, back, "temp", false), change(1, gone, "other", false), {Kind: gone, Column: "temp"}}, nil, nil},
	} {
		var spans []cause.Span
		var partly []bool
		for _, g := range vanished(tt.changes, map[string]*use{"temp": {}}) {
			spans, partly = append(spans, g.Span), append(partly, g.Partly)
		}
		if diff := cmp.Diff(tt.want, spans) + cmp.Diff(tt.partly, partly); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestNearest(t *testing.T) {
	at := func(h int) time.Time { return time.Date(2024, 2, 1, h, 0, 0, 0, time.UTC) }
	all := []int{1, 5, 6, 9, 10, 11, 12, 20}
	got := nearest(all, at(10), func(h *int) time.Time { return at(*h) })
	if diff := cmp.Diff([]int{6, 9, 10, 11, 12}, got); diff != "" {
		t.Errorf("nearest to 10 (-want +got):\n%s", diff)
	}
	if got := nearest(all[:2], at(10), func(h *int) time.Time { return at(*h) }); len(got) != 2 {
		t.Errorf("of two: %v", got)
	}
}
