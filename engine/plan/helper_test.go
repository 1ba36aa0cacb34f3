package plan

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// put writes files into a new folder: those that end in .parquet from the query that is their content.
func put(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for name, content := range files {
		file := filepath.Join(dir, name)
		if strings.HasSuffix(name, ".parquet") {
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

// house opens a warehouse that may read dirs.
func house(t testing.TB, dirs ...string) *warehouse.DB {
	t.Helper()
	db, err := warehouse.Open(context.Background(), warehouse.Options{Threads: 2, Temp: t.TempDir(), Allowed: dirs})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// built resolves the loop file text over the files in dir.
func built(t testing.TB, db *warehouse.DB, dir, text string) (*Plan, error) {
	t.Helper()
	l, err := loop.Parse("loop.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%s\n%s", told(err), text)
	}
	l.Dir = dir
	inv, err := intake.Open(context.Background(), db, l)
	if err != nil {
		t.Fatal(told(err))
	}
	return Build(context.Background(), db, l, inv)
}

// told renders an error as its faults, one a line, hints in brackets.
func told(err error) string {
	if err == nil {
		return ""
	}
	var lines []string
	for _, f := range fault.All(err) {
		lines = append(lines, f.Error()+" ["+f.Fix+"]")
	}
	if len(lines) == 0 {
		return err.Error()
	}
	return strings.Join(lines, "\n")
}
