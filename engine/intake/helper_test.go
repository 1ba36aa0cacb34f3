package intake

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// duck is a DuckDB of the test's own, to write files with and to hold types against.
func duck(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	if _, err := db.Exec("set TimeZone = 'UTC'"); err != nil {
		t.Fatal(err)
	}
	return db
}

// describe gives name and type of the columns of a query.
func describe(t testing.TB, db *sql.DB, query string, args ...any) ([]Column, error) {
	t.Helper()
	rows, err := db.Query("select column_name, column_type from (describe "+query+")", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var columns []Column
	for rows.Next() {
		var c Column
		if err := rows.Scan(&c.Name, &c.Type); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(c.Type, "STRUCT") || strings.HasPrefix(c.Type, "MAP") || strings.HasSuffix(c.Type, "]") {
			c.Type = Nested
		}
		columns = append(columns, c)
	}
	return columns, rows.Err()
}

// put writes files below a new folder: a name ending in .parquet from the query that is its content, others as they are.
func put(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	db := duck(t)
	for name, content := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(content, "select ") && strings.HasSuffix(name, ".parquet") {
			if _, err := db.Exec("copy (" + content + ") to '" + file + "' (format parquet)"); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			continue
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// house opens a warehouse that may read dir.
func house(t testing.TB, dirs ...string) *warehouse.DB {
	t.Helper()
	db, err := warehouse.Open(context.Background(), warehouse.Options{Threads: 2, Temp: t.TempDir(), Allowed: dirs})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// written is a loop over dir whose inputs have the given paths; sources are named a, b, ...
func written(dir, predictions, outcomes string, sources ...string) *loop.Loop {
	l := &loop.Loop{File: "loop.yaml", Dir: dir}
	l.Predictions.Path, l.Outcomes.Path = predictions, outcomes
	for i, path := range sources {
		l.Sources = append(l.Sources, loop.Source{Name: string(rune('a' + i)), Path: path})
	}
	return l
}

// told renders an error as its faults, one a line, hints in brackets.
func told(err error) string {
	var lines []string
	for _, f := range fault.All(err) {
		lines = append(lines, f.Error()+" ["+f.Fix+"]")
	}
	return strings.Join(lines, "\n")
}
