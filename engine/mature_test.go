package engine

import (
	"fmt"
	"testing"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/report"
)

// matureAt is what is known to be no longer so of a ledger of a hundred days, each with a boundary at its end and all as of day 100, to a run of
// the hundredth day as of day 101.
func matureAt(news ...attribution.Day) *maturing {
	l := &loop.Loop{Evaluate: loop.Evaluate{Window: 3 * day}, Baseline: loop.Baseline{Trailing: 7 * day, Reach: 10 * day}}
	n := &night{loop: l, options: Options{From: attribution.Day(100).Start(), To: attribution.Day(101).Start()}}
	m := &maturing{night: n, held: &ledger.State{}, asOf: attribution.Day(101).Start(), news: map[attribution.Day]*dayNews{},
		clues: map[attribution.Day]bool{}, core: daysBetween{91, 101}}
	for d := range attribution.Day(100) {
		row := ledger.DayRow{Day: d, AsOf: attribution.Day(100).Start(), Closed: true, Counts: report.Counts{Predictions: 1}}
		m.held.Days = append(m.held.Days, ledger.StateDay{DayRow: row, Age: -1})
		m.held.Boundaries = append(m.held.Boundaries, ledger.Judged{Boundary: d + 1, AsOf: attribution.Day(100).Start()})
		m.filled = append(m.filled, d.Start())
	}
	m.held.AsOf, m.held.Since = attribution.Day(100).Start(), attribution.Day(100).Start()
	for _, d := range news {
		m.news[d] = &dayNews{came: 1}
	}
	return m
}

// What is no longer so near a night's own days is taken in with them; what is far in parts of its own, each with the days that its boundaries look
// at. A boundary looks at ten days, and is judged by what the 28 before them were like.
func TestSplit(t *testing.T) {
	for _, tt := range []struct {
		name string
		news []attribution.Day
		want string
	}{
		{"nothing", nil, "near [] []; far []"},
		{"yesterday", []attribution.Day{99}, "near [99] [100]; far []"},
		{"some days ago", []attribution.Day{97}, "near [97] [98 99 100]; far []"},
		{"long ago", []attribution.Day{20}, "near [] []; far [{11 58}]"},
		{"both, and between", []attribution.Day{5, 99}, "near [99] [100]; far [{-7 43}]"},
	} {
		near, far := matureAt(tt.news...).split()
		if got := fmt.Sprintf("near %v %v; far %v", near.days, near.boundaries, far); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// A boundary that is as of the run's instant already is judged again only where days were found otherwise than the ledger has them; one that looks
// at a day that is gone never is.
func TestWants(t *testing.T) {
	m := matureAt(50)
	j := &m.held.Boundaries[54] // at 55
	if !m.wants(j) {
		t.Error("a boundary of a day that differs stays as it is")
	}
	j.AsOf = m.asOf
	if m.wants(j) {
		t.Error("a boundary that was judged as of the instant is judged again")
	}
	m.changed = map[attribution.Day]bool{50: true}
	if !m.wants(j) {
		t.Error("a boundary of a day that was found otherwise stays as it is")
	}
	m.spared = map[attribution.Day]bool{46: true}
	if m.wants(j) {
		t.Error("a boundary of a day that is gone is judged again")
	}
	if got := (dayNews{came: 2, changed: 1}).String(); got != "2 outcomes came, 1 outcome changed" {
		t.Errorf("news %q", got)
	}
}
