package engine_test

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/report"
	"github.com/plumbline-data/plumbline/fixtures/lake"
)

func utc(t *testing.T, day string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// yearOf runs the whole year of flights as of a day and gives the result and the bytes of findings.json.
func yearOf(t *testing.T, ledger, asOf string, threads int) (*engine.Result, []byte) {
	t.Helper()
	o := engine.Options{
		LoopFile: filepath.Join(lake.Shared(t, "flights-nyc2013"), "loop.yaml"),
		From:     utc(t, "2013-03-01"), To: utc(t, "2014-01-02"), AsOf: utc(t, asOf), Ledger: ledger, Threads: threads,
	}
	result, err := engine.Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(result.FindingsPath)
	if err != nil {
		t.Fatal(err)
	}
	return result, content
}

// outside is a database of the test's own, beside the engine. A ledger given is attached as `l`.
func outside(t *testing.T, ledger string) *sql.Conn {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close()
		_ = db.Close()
	})
	statements := []string{"set TimeZone = 'UTC'"}
	if ledger != "" {
		statements = append(statements, "attach '"+strings.ReplaceAll(ledger, "'", "''")+"' as l (read_only)", "use l")
	}
	for _, s := range statements {
		if _, err := conn.ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	return conn
}

// writeParquet writes what queries give to files of a folder, by name.
func writeParquet(t *testing.T, conn *sql.Conn, folder string, queries map[string]string) {
	t.Helper()
	for name, query := range queries {
		if _, err := conn.ExecContext(t.Context(), "copy ("+query+") to '"+filepath.Join(folder, name)+"' (format parquet)"); err != nil {
			t.Fatal(err)
		}
	}
}

// one scans the one row of a query.
func one(t *testing.T, conn *sql.Conn, text string, args []any, into ...any) {
	t.Helper()
	if err := conn.QueryRowContext(t.Context(), text, args...).Scan(into...); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

func TestFlightsYear(t *testing.T) {
	folder := t.TempDir()
	result, first := yearOf(t, filepath.Join(folder, "a.duckdb"), "2014-02-01", 0)
	f := result.Findings

	want := report.Counts{Predictions: 278442, Matched: 277431, Missing: 1011}
	if f.Outcomes != want {
		t.Errorf("counts %+v, want %+v", f.Outcomes, want)
	}
	conn := outside(t, filepath.Join(folder, "a.duckdb"))
	checkSeams(t, conn)
	checkVerdicts(t, conn)
	checkProven(t, conn)
	checkWeatherEnds(t, f)
	checkMonths(t, filepath.Join(folder, "a.duckdb"))

	_, again := yearOf(t, filepath.Join(folder, "a.duckdb"), "2014-02-01", 1)
	if !bytes.Equal(first, again) {
		t.Error("findings.json of a second run into the same ledger, on one thread, differs from that of the first on all")
	}
}

// checkSeams: every served value of the year is what its source says it should have been, as the data set's README has it.
func checkSeams(t *testing.T, conn *sql.Conn) {
	t.Helper()
	var features, rows, differs, tempAgrees, ties int64
	one(t, conn, `select count(distinct feature), min(total), sum(differs), max(agree) filter (feature = 'wx_temp_f'),
		max(ambiguous) filter (feature = 'tail_last_arr_delay')
		from (select feature, sum("rows") as total, sum(differs) as differs, sum(agree) as agree, sum(ambiguous) as ambiguous
			from seam_days group by feature)`, nil, &features, &rows, &differs, &tempAgrees, &ties)
	got := [5]int64{features, rows, differs, tempAgrees, ties}
	want := [5]int64{10, 278442, 0, 277670, 1}
	if got != want {
		t.Errorf("replayed features, rows each, rows that differ, wx_temp_f agrees, ambiguous arrivals: %v, want %v", got, want)
	}
}

// checkVerdicts: loss moves a lot in that year, and no pipe broke before the weather ended on 2013-12-31.
func checkVerdicts(t *testing.T, conn *sql.Conn) {
	t.Helper()
	var boundaries, intake int64
	var first sql.NullTime
	one(t, conn, `select count(*), count(*) filter (verdict = 'intake'), min(boundary) filter (verdict in ('intake', 'outcomes')) from evaluations`,
		nil, &boundaries, &intake, &first)
	if boundaries != 307 {
		t.Errorf("%d evaluations, want one for each of 307 boundaries", boundaries)
	}
	if !first.Valid || first.Time.Before(utc(t, "2013-12-31")) {
		t.Errorf("first boundary that blames a pipe: %v (%d in all), want none before 2013-12-31, then the weather", first, intake)
	}
	var worst float64
	one(t, conn, `select max(abs(terms - delta)) from (
		select boundary, sum(attribution.delta) as terms, any_value(evaluations.delta) as delta
		from attribution join evaluations using (boundary) where evaluations.delta is not null group by boundary)`, nil, &worst)
	if worst > 1e-9 {
		t.Errorf("terms of an account miss its drop by %g", worst)
	}
}

// checkWeatherEnds: the 760 predictions from 2013-12-31 09:00 UTC on have no weather row within reach.
func checkWeatherEnds(t *testing.T, f *report.Findings) {
	t.Helper()
	if len(f.Findings) != 1 || f.Findings[0].Node != "weather" || f.Findings[0].Tier != "contract" || f.Verdict != "intake" {
		t.Fatalf("verdict %s, findings %+v, want the weather's broken promise", f.Verdict, f.Findings)
	}
	want := `weather.cardinality is "none" for 760 predictions`
	if !slices.ContainsFunc(f.Findings[0].Evidence, func(e string) bool { return strings.HasPrefix(e, want) }) {
		t.Errorf("evidence %q, want one that begins %q", f.Findings[0].Evidence, want)
	}
	if got := f.Findings[0].Episodes; got[len(got)-1].Onset != "2013-12-31T00:00:00Z" {
		t.Errorf("episodes %+v, want the last to begin on 2013-12-31", got)
	}
}

// TestFlightsAsOfJune: only what was recorded by then counts, and it balances; the counts come from the files by a query
// of the test's own.
func TestFlightsAsOfJune(t *testing.T) {
	result, _ := yearOf(t, filepath.Join(t.TempDir(), "l.duckdb"), "2013-06-01", 0)
	folder := lake.Shared(t, "flights-nyc2013")
	var want report.Counts
	one(t, outside(t, ""), `
		with joined as (
			select p.predicted_at, o.recorded_at
			from read_parquet($1) p left join read_parquet($2) o on o.flight_id = p.flight_id and o.recorded_at <= $3::timestamptz
			where p.predicted_at <= $3::timestamptz
		)
		select count(*),
			count(*) filter (recorded_at <= predicted_at + interval 3 day),
			count(*) filter (recorded_at is null and predicted_at + interval 3 day > $3::timestamptz),
			count(*) filter (recorded_at is null and predicted_at + interval 3 day <= $3::timestamptz)
		from joined`,
		[]any{filepath.Join(folder, "predictions.parquet"), filepath.Join(folder, "outcomes.parquet"), utc(t, "2013-06-01")},
		&want.Predictions, &want.Matched, &want.Pending, &want.Missing)
	got := result.Findings.Outcomes
	if got != want || got.Pending == 0 {
		t.Errorf("counts %+v, want %+v", got, want)
	}
	if sum := got.Matched + got.Pending + got.Missing; sum != got.Predictions {
		t.Errorf("%d predictions, %d in the parts", got.Predictions, sum)
	}
	if result.Findings.Verdict != "insufficient" {
		t.Errorf("verdict %s over a window that is not there yet, want insufficient", result.Findings.Verdict)
	}
}
