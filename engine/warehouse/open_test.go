package warehouse

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// open gives a DB that spills to a folder of the test's own, which SQL may read and write.
func open(t testing.TB, change func(*Options)) *DB {
	t.Helper()
	o := Options{Temp: t.TempDir(), Log: zerolog.Nop()}
	if change != nil {
		change(&o)
	}
	db, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// text runs sqlText and gives its one value as text; NULL is "NULL".
func text(t testing.TB, db *DB, sqlText string, args ...any) string {
	t.Helper()
	var value sql.NullString
	if err := db.conn.QueryRowContext(t.Context(), sqlText, args...).Scan(&value); err != nil {
		t.Fatalf("%s: %v", sqlText, err)
	}
	if !value.Valid {
		return "NULL"
	}
	return value.String
}

func TestOpenAppliesOptions(t *testing.T) {
	db := open(t, func(o *Options) { o.Threads, o.Memory = 3, 512<<20 })
	for setting, want := range map[string]string{
		"threads":                      "3",
		"memory_limit":                 "512.0 MiB",
		"TimeZone":                     "UTC",
		"temp_directory":               db.options.Temp,
		"enable_external_access":       "false",
		"lock_configuration":           "true",
		"preserve_insertion_order":     "false",
		"disable_timestamptz_casts":    "true",
		"autoload_known_extensions":    "false",
		"autoinstall_known_extensions": "false",
		"allow_community_extensions":   "false",
		"enable_progress_bar":          "false",
	} {
		if got := text(t, db, "select current_setting($1)::varchar", setting); got != want {
			t.Errorf("%s = %s, want %s", setting, got, want)
		}
	}
	if _, err := db.conn.ExecContext(t.Context(), "set threads = 1"); err == nil {
		t.Error("a setting was changed after the lock")
	}
}

func TestOpenRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		options Options
		want    string
	}{
		{"no folder", Options{}, "no folder to spill to"},
		{"folder does not exist", Options{Temp: file + "x"}, "no such file"},
		{"file", Options{Temp: file}, "not a folder"},
		{"threads", Options{Temp: t.TempDir(), Threads: -1}, "-1 threads"},
		{"memory", Options{Temp: t.TempDir(), Memory: -5}, "-5 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			db, err := Open(t.Context(), tt.options)
			if err == nil {
				db.Close()
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Open: %v, want %q", err, tt.want)
			}
		})
	}
}

func TestFilesOutsideTheFoldersAreClosed(t *testing.T) {
	inside, outside := t.TempDir(), t.TempDir()
	db := open(t, func(o *Options) { o.Allowed = []string{inside} })
	run := func(s string) error { _, err := db.conn.ExecContext(t.Context(), s); return err }
	for _, s := range []string{
		"copy (select 1 as a) to '" + inside + "/a.parquet'",
		"create temp table a as select a from read_parquet(['" + inside + "/a.parquet'])",
		"copy a to '" + db.options.Temp + "/a.csv'",
		"attach '" + inside + "/ledger.duckdb' as ledger",
		"create table ledger.t as select a from a",
		"detach ledger",
		"attach '" + inside + "/ledger.duckdb' as ledger (read_only)",
	} {
		if err := run(s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
	if got := text(t, db, "select a::varchar from ledger.t"); got != "1" {
		t.Errorf("ledger.t holds %s, want 1", got)
	}
	if err := run("create table ledger.u as select 1 as a"); err == nil {
		t.Error("a ledger attached for reading was written")
	}
	for _, s := range []string{
		"copy (select 1 as a) to '" + outside + "/a.parquet'",
		"attach '" + outside + "/ledger.duckdb' as other",
		"attach '" + inside + "/../" + filepath.Base(outside) + "/ledger.duckdb' as other",
		"attach '" + inside + "x/ledger.duckdb' as other",
		"select * from read_csv('/etc/passwd')",
		"install httpfs",
		"load httpfs",
		"select * from read_parquet('https://localhost:1/a.parquet')",
	} {
		if err := run(s); err == nil || !strings.Contains(err.Error(), "Permission Error") && !strings.Contains(err.Error(), "disabled") {
			t.Errorf("%s: %v, want a permission error", s, err)
		}
	}
	if entries, err := os.ReadDir(outside); err != nil || len(entries) > 0 {
		t.Errorf("outside holds %v, %v", entries, err)
	}
}

// withStage runs text as if it were a stage's.
func withStage(db *DB, ctx context.Context, text string, params map[string]any) error {
	args, err := bind(text, params)
	if err != nil {
		return err
	}
	_, err = db.conn.ExecContext(ctx, text, args...)
	return failedOrNil(db, ctx, err)
}

func failedOrNil(db *DB, ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	return db.failed(ctx, "test", err)
}

func TestCancellation(t *testing.T) {
	db := open(t, nil)
	const long = "create or replace temp table t as select count(*) as n from range(1000000) a, range(1000000) b where a.range + b.range = 7"
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	started := time.Now()
	err := withStage(db, ctx, long, nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if took := time.Since(started); took > 10*time.Second {
		t.Errorf("stopping took %v", took)
	}
	deadline, cancelDeadline := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancelDeadline()
	if err := withStage(db, deadline, long, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want context.DeadlineExceeded", err)
	}
	if err := db.Query(ctx, "003_expr_functions", nil, nil, func(*sql.Rows) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: error %v, want context.Canceled", err)
	}
	if got := text(t, db, "select 'alive'"); got != "alive" {
		t.Errorf("after a stop: %s", got)
	}
}

func TestLogAndProgress(t *testing.T) {
	var log bytes.Buffer
	var stages []string
	db := open(t, func(o *Options) {
		o.Log = zerolog.New(&log)
		o.Progress = func(stage string) { stages = append(stages, stage) }
	})
	rows := 0
	count := func(*sql.Rows) error { rows++; return nil }
	if err := db.Query(t.Context(), "003_expr_functions", nil, nil, count); err != nil || rows == 0 {
		t.Errorf("%d rows, %v", rows, err)
	}
	if err := db.Run(t.Context(), "003_expr_functions", nil, nil); err != nil {
		t.Error(err)
	}
	if len(stages) != 2 || stages[0] != "003_expr_functions" {
		t.Errorf("stages %v", stages)
	}
	if !strings.Contains(log.String(), `"stage":"003_expr_functions","elapsed_ms":`) {
		t.Errorf("log: %s", log.String())
	}
	halt := errors.New("halt")
	err := db.Query(t.Context(), "003_expr_functions", nil, nil, func(*sql.Rows) error { return halt })
	if !errors.Is(err, halt) || !strings.HasPrefix(err.Error(), "stage 003_expr_functions: ") {
		t.Errorf("error %v, want halt in its stage", err)
	}
	if got := text(t, db, "select 'alive'"); got != "alive" {
		t.Errorf("after an early end: %s", got)
	}
	if err := db.Run(t.Context(), "no_such", nil, nil); err == nil || err.Error() != "stage no_such: no such stage" {
		t.Errorf("error %v", err)
	}
}

func TestParameters(t *testing.T) {
	db := open(t, nil)
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2013, 7, 22, 20, 0, 0, 123456789, newYork)
	tests := []struct {
		text   string
		value  any
		want   string
		failed string
	}{
		{text: "select ($x::timestamp)::varchar", value: at, want: "2013-07-23 00:00:00.123456"},
		{text: "select ($x::timestamp)::varchar", value: time.Date(1969, 12, 31, 23, 59, 59, 500_000_000, time.UTC), want: "1969-12-31 23:59:59.5"},
		{text: "select typeof($x)", value: at, want: "TIMESTAMP"},
		{text: "select ($x::bigint)::varchar", value: 3 * time.Hour, want: "10800000000"},
		{text: "select list_aggregate($x::varchar[], 'string_agg', '|')", value: []string{"a'b", "c"}, want: "a'b|c"},
		{text: "select len($x::varchar[])::varchar", value: []string{}, want: "0"},
		{text: "select $x::varchar", value: nil, want: "NULL"},
		{text: "select $x::varchar", value: "'; drop table t --", want: "'; drop table t --"},
		{text: "select ($x::double)::varchar", value: 0.1, want: "0.1"},
		{text: "select ($x::bigint)::varchar", value: int64(7), want: "7"},
		{text: "select ($x::boolean)::varchar", value: true, want: "true"},
		{text: "select list_sum($x::bigint[])::varchar", value: []int64{1, 2}, want: "3"},
		{text: "select $x::varchar", value: struct{}{}, failed: "a struct {} cannot be bound"},
		{text: "select $y::varchar", value: 1, failed: "the text binds $y, the call gives $x"},
		{text: "select '$x' -- $x", value: 1, failed: "the text binds none, the call gives $x"},
		{text: "select $x; select 1", value: 1, failed: "2 statements"},
	}
	for _, tt := range tests {
		args, err := bind(tt.text, map[string]any{"x": tt.value})
		if tt.failed != "" {
			if err == nil || !strings.Contains(err.Error(), tt.failed) {
				t.Errorf("%s: error %v, want %q", tt.text, err, tt.failed)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		if got := text(t, db, tt.text, args...); got != tt.want {
			t.Errorf("%s with %v: got %s, want %s", tt.text, tt.value, got, tt.want)
		}
	}
}
