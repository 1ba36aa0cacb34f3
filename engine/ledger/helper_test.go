package ledger

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/rs/zerolog"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/fingerprint"
	"github.com/plumbline-data/plumbline/engine/report"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// testDB runs stages as a warehouse.DB does, and the test's own SQL on the same connection.
type testDB struct{ conn *sql.Conn }

func newDB(t testing.TB) *testDB {
	t.Helper()
	connector, err := duckdb.NewConnector("", func(driver.ExecerContext) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	pool := sql.OpenDB(connector)
	conn, err := pool.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close()
		pool.Close()
	})
	db := &testDB{conn: conn}
	db.exec(t, "set TimeZone = 'UTC'")
	db.exec(t, "set disable_timestamptz_casts = true")
	db.exec(t, "set preserve_insertion_order = false")
	return db
}

func (db *testDB) exec(t testing.TB, text string, args ...any) {
	t.Helper()
	if _, err := db.conn.ExecContext(context.Background(), text, args...); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// texts gives what text selects, a row a line, values with | between.
func (db *testDB) texts(t testing.TB, text string) []string {
	t.Helper()
	rows, err := db.conn.QueryContext(context.Background(), text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	values, targets := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		words := make([]string, len(values))
		for i, v := range values {
			words[i] = fmt.Sprint(v)
		}
		lines = append(lines, strings.Join(words, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

func (db *testDB) args(stage string, data any, params map[string]any) (string, []any, error) {
	text, err := warehouse.Render(stage, data)
	var args []any
	for name, value := range params {
		if instant, ok := value.(time.Time); ok {
			value = duckdb.Typed(instant.UTC(), duckdb.TYPE_TIMESTAMP)
		}
		args = append(args, sql.Named(name, value))
	}
	return text, args, err
}

func (db *testDB) Run(ctx context.Context, stage string, data any, params map[string]any) error {
	text, args, err := db.args(stage, data, params)
	if err == nil {
		_, err = db.conn.ExecContext(ctx, text, args...)
	}
	if err != nil {
		return fmt.Errorf("stage %s: %w", stage, err)
	}
	return nil
}

func (db *testDB) Query(ctx context.Context, stage string, data any, params map[string]any, scan func(*sql.Rows) error) error {
	text, args, err := db.args(stage, data, params)
	if err != nil {
		return err
	}
	rows, err := db.conn.QueryContext(ctx, text, args...)
	if err != nil {
		return fmt.Errorf("stage %s: %w", stage, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("stage %s: %w", stage, err)
		}
	}
	return rows.Err()
}

// handOver makes the tables that a run hands over: days days from 2024-01-01 + first, and per day cells cells. What a
// day holds depends on the day, never on which days are handed over.
func (db *testDB) handOver(t testing.TB, first, days, cells int) {
	t.Helper()
	db.exec(t, `create or replace temp table out_counts as
		select (date '2024-01-01' + d::int) as day, d < 9 as closed, 100 as predictions, 1 as invalid, 2 as superseded,
			3 as hindsight, 60 as matched, 24 as pending, 10 as missing, 1 as late, 2 as repeated, 3 as corrected,
			4 as duplicated, 5 as withdrawn, 6 as orphans
		from range(`+fmt.Sprint(first, ", ", first+days)+`) r(d)`)
	db.exec(t, `create or replace temp table out_domain_digests as select day, 'digest' as domain_digest from out_counts`)
	db.exec(t, `create or replace temp table out_cells as
		select day, 'v' || (i % 2) as version, ['s' || (i % 5), 't' || (i % 3)] as segments,
			[(i * 7919) % 4096, i // 16]::ubigint[] as fingerprint, (i % 4 - 1)::smallint as age,
			if(i % 4 = 0, 10, 0)::bigint as predictions, if(i % 4 > 0, 3, 0)::bigint as "rows",
			if(i % 4 > 0, 3, 0)::decimal(38,9) as weight, (i * 0.25 - 3.000000001)::decimal(38,9) as loss,
			(i * 0.1)::decimal(38,9) as score, (i % 2)::decimal(38,9) as outcome, 0.5::decimal(38,9) as score_sq,
			(i % 2)::decimal(38,9) as outcome_sq, 0.125::decimal(38,9) as score_outcome, 0.75::decimal(38,9) as abs_error
		from out_counts, range(`+fmt.Sprint(cells)+`) r(i)`)
	db.exec(t, `create or replace temp table out_histograms as
		select day, dimension, level, (b * 10)::smallint as bin, (b + 1)::bigint as "rows", (b + 1)::decimal(38,9) as weight, 0.5::decimal(38,9) as positives
		from out_counts, range(3) r(b), (values ('', ''), ('origin', 'JFK'), ('origin', 'LGA')) v(dimension, level)`)
	db.exec(t, `create or replace temp table out_seams as
		select day, 'weather' as source, 'wx_' || f as feature, 10 as "rows", 5 as agree, 2 as null_rows, 1 as default_rows, 2 as differs, f as ambiguous
		from out_counts, range(2) r(f)`)
	db.exec(t, `create or replace temp table out_entities as
		select day, 2::smallint as age, g::int as entity_group, 3::decimal(38,9) as weight, g::decimal(38,9) as loss from out_counts, range(4) r(g)`)
	db.exec(t, `create or replace temp table out_staleness as
		select day, 'weather' as source_join, b::int as bin, 10 as "rows", b * 100 as max_s from out_counts, range(10) r(b)`)
}

// layout is a layout of two words that the fingerprints of handOver fit.
func layout(t testing.TB, change func([]fingerprint.Condition) []fingerprint.Condition) *fingerprint.Layout {
	t.Helper()
	level := func(name string, s fingerprint.Standing) fingerprint.Level {
		return fingerprint.Level{Name: name, Standing: s}
	}
	conditions := []fingerprint.Condition{
		{Kind: fingerprint.Cardinality, Of: "weather", Node: "weather", Bits: 2, Levels: []fingerprint.Level{
			level("as expected", fingerprint.Fine), level("none", fingerprint.Broken), level("many", fingerprint.Broken), level("other", fingerprint.Usual)}},
		{Kind: fingerprint.Value, Of: "wx_temp_f", Node: "weather", Bits: 3, Levels: []fingerprint.Level{
			level("agrees", fingerprint.Fine), level("null", fingerprint.Usual), level("default", fingerprint.Usual), level("differs", fingerprint.Usual),
			level("cause 1", fingerprint.Usual), level("cause 2", fingerprint.Usual), level("cause 3", fingerprint.Usual), level("cause 4", fingerprint.Usual)}},
		{Kind: fingerprint.Schema, Of: "predictions", Node: "predictions", Bits: 16},
		{Kind: fingerprint.Schema, Of: "outcomes", Node: "outcomes", Bits: 16},
		{Kind: fingerprint.Schema, Of: "weather", Node: "weather", Bits: 16},
		{Kind: fingerprint.Schema, Of: "departures", Node: "departures", Bits: 16},
	}
	if change != nil {
		conditions = change(conditions)
	}
	l, err := fingerprint.NewLayout(conditions)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// day counts days from 2024-01-01.
func day(n int) attribution.Day {
	return attribution.DayOf(time.Date(2024, 1, 1+n, 0, 0, 0, 0, time.UTC))
}

func ledgerPath(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "it's a ledger.duckdb")
}

func options(change func(*Options)) Options {
	o := Options{Loop: "flights", Binary: true, LockTimeout: -1, Log: zerolog.Nop()}
	if change != nil {
		change(&o)
	}
	return o
}

func begin(t testing.TB, db DB, path string) *Edition {
	t.Helper()
	e, err := Begin(context.Background(), db, path, options(nil))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Abort() })
	return e
}

// replace puts the days handed over into the edition.
func replace(t testing.TB, e *Edition) {
	t.Helper()
	r := Replacement{AsOf: time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC), Layout: layout(t, nil), Segments: []string{"origin", "carrier"}}
	if err := e.ReplaceDays(context.Background(), r); err != nil {
		t.Fatal(err)
	}
}

func commit(t testing.TB, e *Edition) {
	t.Helper()
	if err := e.Commit(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
}

// publish writes days of the sample into the ledger, with a run, its inputs and an evaluation.
func publish(t testing.TB, db *testDB, path string, first, days, cells int) {
	t.Helper()
	ctx := context.Background()
	db.handOver(t, first, days, cells)
	e := begin(t, db, path)
	replace(t, e)
	rows := int64(7)
	for _, err := range []error{
		e.PutEvaluations(ctx, []Evaluation{{Boundary: day(first + days), Findings: findings(), Details: details()}}),
		e.PutRun(ctx, Run{ID: "00ff", From: day(first).Start(), To: day(first + days).Start(), AsOf: day(60).Start(), EngineVersion: "1"}),
		e.PutInputs(ctx, "00ff", []Input{{Input: "weather", File: "w.csv", Digest: "aa", Size: 5, SchemaID: 9}, {Input: "outcomes", File: "o.parquet", Digest: "bb", Size: 6, Rows: &rows, SchemaID: 0xffff, Writer: "x"}}),
		e.PutSchemas(ctx, []Schema{{Input: "weather", ID: 9, Columns: "[]"}, {Input: "outcomes", ID: 0xffff, Columns: `["a"]`}}),
		e.PutRowFiles(ctx, []attribution.Day{day(first)}, []RowFile{{Day: day(first), Name: "ab.parquet", Rows: 4, Digest: "ab"}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	commit(t, e)
}

// open reads the published ledger on a connection of its own.
func open(t testing.TB, path string) (*Reader, *testDB) {
	t.Helper()
	db := newDB(t)
	r, err := Open(context.Background(), db, path, "flights")
	if err != nil {
		t.Fatal(err)
	}
	return r, db
}

func findings() *report.Findings {
	half, end, no := 0.5, "2024-01-09T05:00:00Z", false
	ci := &[2]float64{0.01, 0.03}
	return &report.Findings{
		Schema: "plumbline.findings/v1", Loop: "flights", RunID: "00ff", AsOf: "2024-02-01T00:00:00Z",
		Loss: report.Loss{Name: "log_loss", Baseline: &half, Current: &half, Delta: &half, CI95: ci}, Outcomes: report.Counts{Matched: 60},
		Integrity: report.Shares{Current: &half}, Verdict: "intake", Retrain: &no, Summary: "it's <worse>",
		Attribution: []report.Term{
			{To: "cause", Finding: "F-1", Delta: 0.02, CI95: ci, Basis: "not_identified", Bounds: &report.Bounds{Upper: &half}},
			{To: "population", Delta: 0.1}, {To: "model", Delta: 0.3, Uncertainty: &half},
		},
		Findings: []report.Finding{
			{ID: "F-1", Severity: "high", State: "new", Cause: "time.zone_shift", Parameters: map[string]any{"offsets": []string{"-05:00"}},
				Node: "weather", Sources: []string{"weather"}, Features: []string{"a", "b"}, Onset: "2024-01-05T00:00:00Z", End: &end,
				Episodes: []report.Episode{{Onset: "2024-01-05T00:00:00Z", End: &end}}, Rows: 12, RowShare: 0.25, ExcessLoss: &half, CI95: ci,
				Tier: "replayed", Proven: true, Proof: &report.Proof{Explains: 0.98, Chance: 0.01, RunnerUp: 0.3, Rows: 40, Distinct: 11},
				Evidence: []string{"one", "two"}, Action: "mend it"},
			{ID: "F-2", Severity: "info", State: "ongoing", Cause: "unexplained", Node: "x", Onset: "2024-01-06T00:00:00Z"},
		},
	}
}
