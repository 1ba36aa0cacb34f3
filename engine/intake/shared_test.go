package intake

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumbline-data/plumbline/fixtures/lake"
)

// What intake says of the real files is what DuckDB reads.
func TestSharedFilesAgreeWithDuckDB(t *testing.T) {
	dir := lake.Shared(t)
	db := house(t, dir)
	raw := lake.Duck(t)
	files, err := glob(filepath.Join(dir, "**"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		inv, err := Open(context.Background(), db, written(dir, file, file))
		if err != nil {
			t.Fatal(told(err))
		}
		table := &inv.Predictions
		read := "select * from read_parquet($1)"
		if table.Format == CSV {
			read = "select * from read_csv($1, header = true, sample_size = -1)"
		}
		want, err := describe(t, raw, read, file)
		if err != nil {
			t.Fatal(err)
		}
		if len(table.Columns) != len(want) {
			t.Fatalf("%s: got %d columns, DuckDB reads %d", file, len(table.Columns), len(want))
		}
		for i, c := range table.Columns {
			if c.Name != want[i].Name || c.Type != want[i].Type {
				t.Errorf("%s: got %s %s, DuckDB reads %s %s", file, c.Name, c.Type, want[i].Name, want[i].Type)
			}
		}
		var rows int64
		if table.Format == Parquet {
			if err := raw.QueryRow("select count(*) from read_parquet($1)", file).Scan(&rows); err != nil || rows != table.Files[0].Rows {
				t.Errorf("%s: got %d rows, DuckDB reads %d (%v)", file, table.Files[0].Rows, rows, err)
			}
			if !strings.HasPrefix(table.Files[0].Writer, "DuckDB version") {
				t.Errorf("%s: written by %q", file, table.Files[0].Writer)
			}
		}
	}
}
