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
	if len(s.Days) != 3 || s.Days[2].Day != day(2) || s.Days[2].Counts.Predictions != 100 || s.Days[2].Age < 0 || len(s.Days[2].Found) == 0 || !s.AsOf.Equal(february) || !s.Since.Equal(february) {
		t.Errorf("state %+v", s)
	}
	want := []Judged{{Boundary: day(3), AsOf: february, Findings: []JudgedFinding{
		{Cause: "time.zone_shift", Node: "weather", Sources: []string{"weather"}, Features: []string{"a", "b"}, Onset: day(4).Start(), Evidence: []string{"one", "two"}},
		{Cause: "unexplained", Node: "x", Sources: []string{}, Features: []string{}, Onset: day(5).Start(), Evidence: []string{}},
	}}}
	if diff := cmp.Diff(want, s.Boundaries); diff != "" {
		t.Errorf("boundaries (-want +got):\n%s", diff)
	}
	none := &State{}
	for k, want := range []bool{false, true} {
		e := begin(t, db, path)
		for read, want := range map[*State]bool{s: want, none: true} {
			if moved, err := e.Overtaken(read); err != nil || moved != want {
				t.Errorf("look %d, overtaken %t, %v, want %t", k, moved, err, want)
			}
		}
		if err := e.Abort(); err != nil {
			t.Fatal(err)
		}
		publish(t, db, path, 0, 3, 10) // the same again
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
	changed, err := s.Changed(t.Context(), path, options(nil))
	if want := []Changed{{Day: day(1)}, {Day: day(2), Cells: true}}; err != nil || !slices.Equal(changed, want) {
		t.Errorf("changed %+v, %v, want %+v", changed, err, want)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	e := begin(t, db, path)
	db.exec(t, `create or replace temp table out_outcome_counts as select day, 9::bigint as repeated, 9::bigint as corrected,
		9::bigint as duplicated, 9::bigint as withdrawn, orphans + 1 as orphans from ledger.main.days where day <> date '2024-01-02'
		union all select date '2024-01-02', 1, 9, 9, 9, 9 union all select date '2024-03-01', 9, 9, 9, 9, 9`)
	if stale, fewer, err := e.StaleOutcomes(t.Context()); err != nil || !slices.Equal(stale, []attribution.Day{day(0), day(2), day(3)}) || !slices.Equal(fewer, []attribution.Day{day(1)}) {
		t.Errorf("stale %v, fewer %v, %v", stale, fewer, err)
	}
	if err := e.KeepOutcomes(t.Context(), []attribution.Day{day(1), day(3)}); err != nil {
		t.Fatal(err)
	}
	r := Replacement{AsOf: later, Layout: layout(t, nil), Segments: []string{"origin", "carrier"}, Spared: []attribution.Day{day(0), day(2)}}
	if err := e.ReplaceDays(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if err := e.RestateOutcomes(t.Context(), []attribution.Day{day(0)}); err != nil {
		t.Fatal(err)
	}
	if err := e.Restate(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	commit(t, e)
	_, raw := open(t, path)
	want := []string{
		"2024-01-01|2024-02-20 00:00:00|24|9|7", // spared, its outcomes counted anew
		"2024-01-02|2024-02-20 00:00:00|22|2|6", // taken in again, its outcomes as they were
		"2024-01-03|2024-02-20 00:00:00|24|2|6", // spared
		"2024-01-04|2024-02-20 00:00:00|24|2|6",
	}
	if got := raw.texts(t, "select day::varchar, as_of::varchar, pending, repeated, orphans from ledger.daily order by 1"); !slices.Equal(got, want) {
		t.Errorf("days %q, want %q", got, want)
	}
	if got := raw.texts(t, "select distinct as_of::varchar from ledger.evaluations"); !slices.Equal(got, []string{"2024-02-20 00:00:00"}) {
		t.Errorf("evaluations are as of %q", got)
	}
}
