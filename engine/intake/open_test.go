package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/loop"
)

const anyRows = "select 1 as id, 0.5::double as score"

func TestOpen(t *testing.T) {
	csvText := "id,t,n,empty\n1,2024-01-01 00:00:00,0.5,\n2,2024-01-02 00:00:00,1,\n"
	dir := put(t, map[string]string{
		"p/dt=2024-01-01/x.parquet": "select 1::integer as id, 0.5::float as score, 'q' as dt",
		"p/dt=2024-01-02/x.parquet": "select 1::bigint as ID, 0.5::double as score, now() as at",
		"o.csv":                     csvText,
		"s.parquet":                 "select 'x' as k where false",
	})
	inv, err := Open(context.Background(), house(t, dir), written(dir, "p", "o.csv", "s.parquet", "s.parquet"))
	if err != nil {
		t.Fatal(told(err))
	}
	p := &inv.Predictions
	want := "[{id BIGINT  false} {score DOUBLE  false} {at TIMESTAMP WITH TIME ZONE utc false} {dt VARCHAR  false}]"
	if got := fmt.Sprint(p.Columns); got != want || !p.Hive || p.Format != Parquet || p.Input != "predictions" {
		t.Errorf("predictions: got %s hive %t %s, want %s", got, p.Hive, p.Format, want)
	}
	if got := fmt.Sprint(p.Paths()); got != fmt.Sprint([]string{filepath.Join(dir, "p/dt=2024-01-01/x.parquet"), filepath.Join(dir, "p/dt=2024-01-02/x.parquet")}) {
		t.Errorf("paths: %s", got)
	}
	if p.Files[0].Name != "p/dt=2024-01-01/x.parquet" || p.Files[0].SchemaID == p.Files[1].SchemaID || p.Files[0].SchemaID == 0 {
		t.Errorf("files: %+v", p.Files)
	}
	sum := sha256.Sum256([]byte(csvText))
	o := inv.Outcomes.Files[0]
	if o.Rows != -1 || o.Digest != hex.EncodeToString(sum[:]) || o.Size != int64(len(csvText)) || o.Writer != "" {
		t.Errorf("outcomes: %+v", o)
	}
	want = "[{id BIGINT  false} {t TIMESTAMP  false} {n DOUBLE  false} {empty VARCHAR  true}]"
	if got := fmt.Sprint(inv.Outcomes.Columns); got != want {
		t.Errorf("outcomes: got %s, want %s", got, want)
	}
	if len(inv.Sources) != 2 || inv.Sources[0].Files[0].Digest != inv.Sources[1].Files[0].Digest || inv.Sources[1].Files[0].Rows != 0 {
		t.Errorf("sources: %+v", inv.Sources)
	}
	if c, ok := inv.Sources[0].Column("k"); !ok || c.Type != "VARCHAR" {
		t.Errorf("column k: %v %t", c, ok)
	}
}

// Every file that cannot be used is told by name, all at once.
func TestFaults(t *testing.T) {
	files := map[string]string{
		"ok.parquet": anyRows, "ok.csv": "id,x\n1,2\n",
		"many/1.parquet": "", "many/2.parquet": "garbage and more garbage", "many/3.parquet": anyRows,
		"many/4.parquet": "PAR1 and then it ends",
		"mixed/a.csv":    "a\n1\n", "mixed/b.parquet": anyRows,
		"dir.parquet/readme.md": "",
		"none.csv":              "", "nohead.csv": "1,2,2013-01-01\n3,4,2013-01-02\n", "blank.csv": "\n\n",
		"own.csv": "a,Plumbline_File\n1,2\n", "twice.csv": "a,A,b\n1,2,3\n", "same.csv": "a,b,a\n1,2,3\n", "binary.csv": "\x00\x01\x02,\x03\n1,2\n",
		"ragged.csv": "a,b\n1,2\n1,2,3\n4\n", "fake.csv.gz": "a,b\n1,2\n",
		"types/1.parquet": "select 1 as x, now() as t", "types/2.parquet": "select 'a' as x, now()::timestamp as t",
		"hive/a=1/x.parquet": anyRows, "hive/b=1/x.parquet": anyRows,
		"texts/1.csv": "x,y\n1,a\n", "texts/2.csv": "x,y\nword,b\n", "odd.txt": "hello",
	}
	dir := put(t, files)
	const fix = "write the file again, or take it out of sources.a.path, loop.yaml:1:1"
	const check = "check sources.a.path, loop.yaml:1:1"
	tests := []struct{ path, want string }{
		{"gone.parquet", "gone.parquet: no such file or folder [" + check + "]"},
		{"gone/*.parquet", "gone/*.parquet: no file matches [" + check + "]"},
		{"many", "many/1.parquet: empty (0 bytes) [" + fix + "]\n" +
			"many/2.parquet: not a Parquet file: it does not begin with PAR1 [" + fix + "]\n" +
			"many/4.parquet: cut short: it begins as a Parquet file does, but does not end in a footer [" + fix + "]"},
		{"mixed", "mixed: it mixes Parquet and CSV files: mixed/a.csv, mixed/b.parquet [give each kind its own folder or pattern]"},
		{"dir.parquet", "dir.parquet: a folder that holds no .parquet, .csv or .csv.gz file [" + check + "]"},
		{"odd.txt", "odd.txt: neither Parquet nor CSV: its name ends in neither .parquet, .csv nor .csv.gz [" + check + "]"},
		{"none.csv", "none.csv: empty (0 bytes) [" + fix + "]"},
		{"nohead.csv", `nohead.csv: no header: its first line holds "1" where a column name is needed [` + fix + "]"},
		{"blank.csv", "blank.csv: no header: its first line holds no column names [" + fix + "]"},
		{"twice.csv", `twice.csv: columns "a" and "A" differ only by case, which SQL does not tell apart [` + fix + "]"},
		{"own.csv", `own.csv: column "Plumbline_File" bears a name that this program keeps for itself: rename it [` + fix + "]"},
		{"same.csv", `same.csv: two columns are named "a" [` + fix + "]"},
		{"binary.csv", "binary.csv: line 1 holds a NUL byte: save the file as text in UTF-8 [" + fix + "]"},
		{"ragged.csv", `ragged.csv: line 3 has 3 fields, the header names 2 [` + fix + "]"},
		{"types", `types/2.parquet: column "x" is VARCHAR, but INTEGER in types/1.parquet [write both files with one type for it]` + "\n" +
			`types/2.parquet: column "t" is TIMESTAMP, but TIMESTAMP WITH TIME ZONE in types/1.parquet [write both files with one type for it]`},
		{"texts", `texts/2.csv: column "x" is VARCHAR, but BIGINT in texts/1.csv [write both files with one type for it]`},
		{"hive", "hive/b=1/x.parquet: its folders name the partitions [b], those of hive/a=1/x.parquet [a] [give each layout its own folder or pattern, or move the file]"},
		{"abfss://bucket/x.parquet", "loop.yaml:1:1: sources.a.path: abfss:// paths are not read here: s3:// and gs:// are, and local ones [mount or copy the files and write a local path]"},
		{"", "loop.yaml:1:1: sources.a.table: tables are read from a Trino warehouse, which this build does not run yet [write `path:` with Parquet or CSV files]"},
	}
	db := house(t, dir)
	for _, test := range tests {
		inv, err := Open(context.Background(), db, written(dir, "ok.parquet", "ok.parquet", test.path))
		if got := told(err); got != test.want || inv != nil {
			t.Errorf("%s: got\n%s\nwant\n%s", test.path, got, test.want)
		}
	}
	_, err := Open(context.Background(), db, written(dir, "ok.parquet", "ok.parquet", "fake.csv.gz"))
	if got := told(err); !strings.HasPrefix(got, "fake.csv.gz: ") {
		t.Errorf("fake.csv.gz: got %s", got)
	}
	_, err = Open(context.Background(), db, written(dir, "gone.parquet", "none.csv", "many/1.parquet", "many/1.parquet"))
	if got := len(fault.All(err)); got != 3 || fault.IsUsage(err) {
		t.Errorf("got %d faults, want 3 of the data:\n%s", got, told(err))
	}
}

func TestUnreadable(t *testing.T) {
	dir := put(t, map[string]string{"ok.parquet": anyRows, "shut.parquet": anyRows})
	if err := os.Chmod(filepath.Join(dir, "shut.parquet"), 0); err != nil {
		t.Fatal(err)
	}
	if f, err := os.Open(filepath.Join(dir, "shut.parquet")); err == nil {
		f.Close()
		t.Skip("this user may read everything")
	}
	_, err := Open(context.Background(), house(t, dir), written(dir, "ok.parquet", "shut.parquet"))
	if got := told(err); !strings.HasPrefix(got, "shut.parquet: permission denied") {
		t.Errorf("got %s", got)
	}
}

func TestStopped(t *testing.T) {
	dir := put(t, map[string]string{"ok.parquet": anyRows})
	ctx, cancel := context.WithCancel(context.Background())
	db := house(t, dir)
	cancel()
	if _, err := Open(ctx, db, written(dir, "ok.parquet", "ok.parquet")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// A column that is empty in one CSV file takes its type from the others; a Parquet column of nothing but nulls too.
func TestVoidColumns(t *testing.T) {
	dir := put(t, map[string]string{"ok.parquet": anyRows, "c/1.csv": "x,y\n,a\n", "c/2.csv": "x,y\n1.5,b\n", "c/3.csv": "x,y\n2,\n"})
	inv, err := Open(context.Background(), house(t, dir), written(dir, "ok.parquet", "c"))
	if err != nil {
		t.Fatal(told(err))
	}
	if got := fmt.Sprint(inv.Outcomes.Columns); got != "[{x DOUBLE  false} {y VARCHAR  false}]" {
		t.Errorf("got %s", got)
	}
}

func TestContracts(t *testing.T) {
	dir := put(t, map[string]string{
		"ok.parquet":  anyRows,
		"s/1.parquet": "select 1::integer as n, 1.5::double as x, 'a' as s, now() as t, 1.25::decimal(9,2) as d, true as b, date '2024-01-01' as day, 1::bigint as big",
		"s/2.parquet": "select 1::bigint as n, 1.5::float as x, 's' as s, now() as T, 1.25::decimal(9,4) as d, true as b, date '2024-01-01' as day",
		"c.csv":       "n,x,t\n1,2,2024-01-01T00:00:00Z\n",
	})
	promised := func(pairs ...string) []loop.ColumnContract {
		var all []loop.ColumnContract
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, loop.ColumnContract{Name: pairs[i], Type: pairs[i+1]})
		}
		return all
	}
	l := written(dir, "ok.parquet", "ok.parquet", "s", "c.csv")
	l.Sources[0].Columns = promised("n", "int", "x", "float8", "s", "string", "t", "timestamptz", "d", "Decimal(9, 2)", "b", "bool", "day", "date", "big", "long", "t", "timestamp")
	l.Sources[1].Columns = promised("n", "double", "x", "smallint", "t", "timestamptz", "n", "text", "x", "date")
	inv, err := Open(context.Background(), house(t, dir), l)
	if err != nil {
		t.Fatal(told(err))
	}
	want := []Breach{
		{"a", "s/1.parquet", "t", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"},
		{"a", "s/2.parquet", "n", "INTEGER", "BIGINT"},
		{"a", "s/2.parquet", "d", "DECIMAL(9,2)", "DECIMAL(9,4)"},
		{"a", "s/2.parquet", "big", "BIGINT", ""},
		{"a", "s/2.parquet", "t", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"},
		{"b", "c.csv", "x", "DATE", "BIGINT"},
	}
	if fmt.Sprint(inv.Broken) != fmt.Sprint(want) {
		t.Errorf("got\n%v\nwant\n%v", inv.Broken, want)
	}

	l.Sources[0].Columns = promised("n", "dubble")
	_, err = Open(context.Background(), house(t, dir), l)
	wantFaults := `loop.yaml:1:1: sources.a.columns.n: "dubble" is no type [write one of boolean, integer, bigint, double, decimal(p,s), varchar, date, timestamp, timestamptz, ...]`
	if got := told(err); got != wantFaults || !fault.IsUsage(err) {
		t.Errorf("got\n%s\nwant\n%s", got, wantFaults)
	}
}

func TestKeeps(t *testing.T) {
	tests := []struct {
		promised, found string
		format          Format
		want            bool
	}{
		{"BIGINT", "INTEGER", Parquet, true}, {"INTEGER", "BIGINT", Parquet, false},
		{"BIGINT", "UINTEGER", Parquet, true}, {"INTEGER", "UINTEGER", Parquet, false}, {"UINTEGER", "TINYINT", Parquet, false},
		{"DOUBLE", "INTEGER", Parquet, true}, {"DOUBLE", "BIGINT", Parquet, false}, {"DOUBLE", "DECIMAL(9,2)", Parquet, false},
		{"DOUBLE", "FLOAT", Parquet, true}, {"FLOAT", "DOUBLE", Parquet, false}, {"FLOAT", "SMALLINT", Parquet, true},
		{"DECIMAL", "DECIMAL(38,10)", Parquet, true}, {"DECIMAL(12,2)", "INTEGER", Parquet, true}, {"DECIMAL(9,2)", "INTEGER", Parquet, false},
		{"VARCHAR", "JSON", Parquet, true}, {"VARCHAR", "BLOB", Parquet, false}, {"BOOLEAN", "TINYINT", Parquet, false},
		{"TIMESTAMP", "TIMESTAMP_NS", Parquet, true}, {"TIMESTAMP", "DATE", Parquet, false},
		{"TIMESTAMP WITH TIME ZONE", "TIMESTAMP", Parquet, false}, {"TIMESTAMP WITH TIME ZONE", "TIMESTAMP", CSV, true},
		{"VARCHAR", "BIGINT", CSV, true}, {"DOUBLE", "BIGINT", CSV, true}, {"TINYINT", "BIGINT", CSV, true}, {"BIGINT", "DOUBLE", CSV, false},
		{"DECIMAL(9,2)", "DOUBLE", CSV, true}, {"BOOLEAN", "BIGINT", CSV, false}, {"DATE", "TIMESTAMP", CSV, false},
		{someNumber, "DECIMAL(9,2)", Parquet, true}, {someNumber, "UTINYINT", Parquet, true}, {someNumber, "VARCHAR", CSV, false},
		{someWhole, "HUGEINT", Parquet, true}, {someWhole, "DOUBLE", Parquet, false}, {someInstant, "TIMESTAMP_NS", Parquet, true},
		{someInstant, "TIMESTAMP WITH TIME ZONE", Parquet, true}, {someInstant, "DATE", Parquet, false}, {anything, "BLOB", Parquet, true},
	}
	for _, test := range tests {
		if got := keeps(test.promised, test.found, test.format); got != test.want {
			t.Errorf("%s of %s %s: got %t, want %t", test.promised, test.format, test.found, got, test.want)
		}
	}
}

// DuckDB takes every key=value folder of a path for a partition, those above the loop file too.
func TestFolderThatHidesAColumn(t *testing.T) {
	dir := put(t, map[string]string{"env=prod/p/dt=1/x.parquet": "select 1 as id, 'a' as env", "env=prod/o.parquet": "select 1 as id, 'a' as env"})
	dir = filepath.Join(dir, "env=prod")
	_, err := Open(context.Background(), house(t, dir), written(dir, "p", "o.parquet"))
	want := `p/dt=1/x.parquet: its column "env" is hidden by the folder env=... above p [rename the folder]`
	if got := told(err); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
