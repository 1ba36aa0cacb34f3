package ledger

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/report"
)

// details belong to findings.
func details() []Detail {
	text := func(s string) *string { return &s }
	at := time.Date(2024, 1, 2, 5, 30, 0, 250_000_000, time.UTC)
	return []Detail{
		{Finding: "F-1", Proof: []report.ProofRow{
			{PredictionID: "p1", Key: "JFK", Instant: at, Feature: "a", Declared: text("54.3"), Served: text("12.5"), Replayed: text("12.5"), Hypothesis: "lag 6h"},
			{PredictionID: "p'2\x00\"", Key: " L\tGA, 7", Instant: at.Add(time.Hour), Feature: "b", Served: text("")},
		}, Days: []attribution.DayShare{{Day: day(1)}, {Day: day(2), Rows: 12, Share: 1.0 / 3}}},
		{Finding: "F-2", Days: []attribution.DayShare{{Day: day(2), Rows: 3, Share: 0.25}}},
	}
}

func TestDetails(t *testing.T) {
	path := ledgerPath(t)
	db := newDB(t)
	publish(t, db, path, 0, 3, 10)
	publish(t, db, path, 0, 3, 10) // in the place of the first
	r, raw := open(t, path)
	for _, want := range details() {
		got, err := r.Detail(t.Context(), day(3), want.Finding)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-put +got):\n%s", want.Finding, err, diff)
		}
	}
	if got, err := r.Detail(t.Context(), day(4), "F-1"); err != nil || got.Proof != nil || got.Days != nil {
		t.Errorf("of another boundary: %+v, %v", got, err)
	}
	known, err := r.KnownFindings(t.Context())
	if want := []KnownFinding{{"F-1", "time.zone_shift", "weather", day(3)}, {"F-2", "unexplained", "x", day(3)}}; err != nil || !slices.Equal(known, want) {
		t.Errorf("known findings %+v, %v, want %+v", known, err, want)
	}
	if at, ok, err := r.Newest(t.Context()); at != day(3) || !ok || err != nil {
		t.Errorf("newest boundary %d, %v, %v, want %d", at, ok, err, day(3))
	}
	if got := raw.texts(t, "select boundary, finding, place from ledger.main.proof_rows order by all"); len(got) != 2 {
		t.Errorf("proof rows %q, want 2", got)
	}
	if got := raw.texts(t, "select boundary, finding, day from ledger.main.finding_days group by all having count(*) > 1"); len(got) > 0 {
		t.Errorf("more than one row for %q", got)
	}
}

// What an evaluation left out has of details is left out with it.
func TestDetailsOfAnEarlierInstant(t *testing.T) {
	path := ledgerPath(t)
	db := newDB(t)
	publish(t, db, path, 0, 3, 10)
	e := begin(t, db, path)
	earlier := findings()
	earlier.AsOf = "2024-01-20T00:00:00Z"
	if err := e.PutEvaluations(t.Context(), []Evaluation{{Boundary: day(3), Findings: earlier, Details: []Detail{{Finding: "F-1"}}}}); err != nil {
		t.Fatal(err)
	}
	commit(t, e)
	r, _ := open(t, path)
	if got, err := r.Detail(t.Context(), day(3), "F-1"); err != nil || len(got.Proof) != 2 {
		t.Errorf("%d proof rows, %v, want the 2 that were there", len(got.Proof), err)
	}
}

// TestMigrate: a ledger of version 1, which has no details, is refused by readers, brought up to date by a run with all that
// it holds, and is then as one that was always of this version.
func TestMigrate(t *testing.T) {
	path, always := ledgerPath(t), ledgerPath(t)
	db := newDB(t)
	for _, p := range []string{path, always} {
		publish(t, db, p, 0, 3, 10)
	}
	quoted := strings.ReplaceAll(path, "'", "''")
	for _, statement := range []string{"attach '" + quoted + "' as old", "drop table old.proof_rows", "drop table old.finding_days", "drop table old.entity_days",
		"alter table old.evaluations add column run_id varchar", "comment on table old.evaluations is 'otherwise'",
		"update old.meta set schema_version = 1", "detach old"} {
		db.exec(t, statement)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := Open(t.Context(), db, path, "flights"); err == nil || !strings.Contains(err.Error(), "schema version 1, want 4") {
		t.Errorf("opened: %v, %v", r, err)
	}
	if after, _ := os.ReadFile(path); !slices.Equal(before, after) {
		t.Error("a reader changed the ledger")
	}
	commit(t, begin(t, db, path))
	r, raw := open(t, path)
	if got, err := r.Detail(t.Context(), day(3), "F-1"); err != nil || len(got.Proof) > 0 || len(got.Days) > 0 {
		t.Errorf("details that were never kept: %+v, %v", got, err)
	}
	if all, err := r.Evaluations(t.Context(), day(0), day(9)); err != nil || len(all) != 1 {
		t.Errorf("%d evaluations after the migration, %v, want 1", len(all), err)
	}
	for _, query := range []string{
		"select table_name, column_name, data_type, comment from duckdb_columns() where database_name = 'ledger' order by all",
		"select table_name, comment from duckdb_tables() where database_name = 'ledger' order by all",
		"select schema_version, loop from ledger.main.meta",
	} {
		got := raw.texts(t, query)
		_, other := open(t, always)
		if diff := cmp.Diff(other.texts(t, query), got); diff != "" {
			t.Errorf("%s (-always of this version +migrated):\n%s", query, diff)
		}
	}
}
