package ledger

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline-data/plumbline/engine/attribution"
)

func stateOf(t *testing.T, db *testDB, path string) *State {
	t.Helper()
	s, err := ReadState(t.Context(), db, path, options(nil))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A state tells the days and boundaries of a ledger and as of when they are; it is the same until something is published.
func TestState(t *testing.T) {
	path := ledgerPath(t)
	db := newDB(t)
	if s := stateOf(t, db, path); len(s.Days)+len(s.Boundaries) > 0 || !s.AsOf.IsZero() || s.Older {
		t.Errorf("state of no ledger %+v", s)
	}
	publish(t, db, path, 0, 3, 10)
	s := stateOf(t, db, path)
	february := time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC)
	if len(s.Days) != 3 || s.Days[2].Day != day(2) || s.Days[2].Counts.Predictions != 100 || s.Days[2].Age < 0 || !s.AsOf.Equal(february) || !s.Since.Equal(february) {
		t.Errorf("state %+v", s)
	}
	want := []Judged{{Boundary: day(3), AsOf: february, Findings: []JudgedFinding{
		{Cause: "time.zone_shift", Node: "weather", Sources: []string{"weather"}, Features: []string{"a", "b"}, Onset: day(4).Start(), Evidence: []string{"one", "two"}},
		{Cause: "unexplained", Node: "x", Sources: []string{}, Features: []string{}, Onset: day(5).Start(), Evidence: []string{}},
	}}}
	if diff := cmp.Diff(want, s.Boundaries); diff != "" {
		t.Errorf("boundaries (-want +got):\n%s", diff)
	}
	if again := stateOf(t, db, path); !s.Same(again) || !again.Same(s) {
		t.Error("two looks at one ledger differ")
	}
	publish(t, db, path, 3, 1, 10)
	if later := stateOf(t, db, path); s.Same(later) {
		t.Error("a ledger with another day is the same")
	}
	if _, err := ReadState(t.Context(), db, path, options(func(o *Options) { o.Loop = "trains" })); err == nil {
		t.Error("the state of another loop's ledger was read")
	}
}

// Changed tells the days that a scratch holds otherwise than the ledger, and whether only the predictions that wait for an outcome differ; Restate
// and RestateOutcomes bring what was not handed over to the later instant.
func TestChangedAndRestated(t *testing.T) {
	path := ledgerPath(t)
	db := newDB(t)
	publish(t, db, path, 0, 4, 10)
	db.handOver(t, 0, 4, 10)
	db.exec(t, "update out_counts set repeated = repeated + 1 where day = date '2024-01-01'") // belongs to no prediction
	db.exec(t, "update out_counts set pending = pending - 2, missing = missing + 2 where day = date '2024-01-02'")
	db.exec(t, `update out_cells set loss = loss + 1 where day = date '2024-01-03' and (version, segments, fingerprint, age) in
		(select (version, segments, fingerprint, age) from out_cells where day = date '2024-01-03' order by all limit 1)`)
	s, err := NewScratch(t.Context(), db, "flights")
	if err != nil {
		t.Fatal(err)
	}
	later := day(50).Start()
	if err := s.ReplaceDays(t.Context(), Replacement{AsOf: later, Layout: layout(t, nil), Segments: []string{"origin", "carrier"}}); err != nil {
		t.Fatal(err)
	}
	changed, err := s.Changed(t.Context(), path)
	if want := []Changed{{Day: day(1)}, {Day: day(2), Cells: true}}; err != nil || !slices.Equal(changed, want) {
		t.Errorf("changed %+v, %v, want %+v", changed, err, want)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	e := begin(t, db, path)
	r := Replacement{AsOf: later, Layout: layout(t, nil), Segments: []string{"origin", "carrier"}, Spared: []attribution.Day{day(0), day(2)}}
	if err := e.ReplaceDays(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	db.exec(t, `create or replace temp table out_outcome_counts as select date '2024-01-01' as day, 7::bigint as repeated, 6::bigint as corrected,
		5::bigint as duplicated, 4::bigint as withdrawn, 3::bigint as orphans`)
	if err := e.RestateOutcomes(t.Context(), day(0)); err != nil {
		t.Fatal(err)
	}
	if err := e.Restate(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	commit(t, e)
	_, raw := open(t, path)
	want := []string{
		"2024-01-01|2024-02-20 00:00:00|24|7|3", // what was counted of it anew
		"2024-01-02|2024-02-20 00:00:00|22|0|0", // taken in again; no outcome happened on it
		"2024-01-03|2024-02-20 00:00:00|24|0|0",
		"2024-01-04|2024-02-20 00:00:00|24|0|0",
	}
	if got := raw.texts(t, "select day::varchar, as_of::varchar, pending, repeated, orphans from ledger.daily order by 1"); !slices.Equal(got, want) {
		t.Errorf("days %q, want %q", got, want)
	}
	if got := raw.texts(t, "select distinct as_of::varchar from ledger.evaluations"); !slices.Equal(got, []string{"2024-02-20 00:00:00"}) {
		t.Errorf("evaluations are as of %q", got)
	}
}
