package ledger

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// names lists a folder.
func names(t testing.TB, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func onlyLedger(t testing.TB, path string) {
	t.Helper()
	base := filepath.Base(path)
	if got, want := names(t, filepath.Dir(path)), []string{base, base + ".lock"}; !slices.Equal(got, want) {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
}

func TestPublish(t *testing.T) {
	path := ledgerPath(t)
	db := newDB(t)
	publish(t, db, path, 0, 3, 40)
	onlyLedger(t, path)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("mode %v, %v, want 0644", info.Mode(), err)
	}
	publish(t, db, path, 2, 2, 40)
	r, _ := open(t, path)
	days, err := r.Days(context.Background(), day(0), day(100))
	if err != nil || len(days) != 4 {
		t.Fatalf("%d days, %v, want 4", len(days), err)
	}
	d := days[3]
	if d.Day != day(3) || !d.Closed || d.Counts.Orphans != 6 || d.DomainDigest != "digest" || !slices.Equal(d.Segments, []string{"origin", "carrier"}) ||
		!d.AsOf.Equal(day(31).Start()) || d.LayoutID != layout(t, nil).ID {
		t.Errorf("day %+v", d)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// TestWarehouse runs an edition through the hardened connection.
func TestWarehouse(t *testing.T) {
	path := ledgerPath(t)
	db, err := warehouse.Open(t.Context(), warehouse.Options{Temp: t.TempDir(), Allowed: []string{filepath.Dir(path)}, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for range 2 {
		e := begin(t, db, path)
		if err := e.PutEvaluations(t.Context(), []Evaluation{{Boundary: day(3), Findings: findings()}}); err != nil {
			t.Fatal(err)
		}
		commit(t, e)
	}
	r, err := Open(t.Context(), db, path, "flights")
	if err != nil {
		t.Fatal(err)
	}
	all, err := r.Evaluations(t.Context(), day(0), day(9))
	if err != nil || len(all) != 1 || all[0].Findings.Summary != "it's <worse>" {
		t.Errorf("evaluations %+v, %v", all, err)
	}
	if cube, err := r.Cube(t.Context(), day(0), day(9)); err != nil || len(cube.Cells) != 0 {
		t.Errorf("cube %+v, %v", cube, err)
	}
	if _, err := r.Series(t.Context(), "", day(0), day(9)); err != nil {
		t.Error(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

func TestAbortLeavesTheLedgerAsItWas(t *testing.T) {
	path := ledgerPath(t)
	db := newDB(t)
	db.handOver(t, 0, 2, 10)
	e := begin(t, db, path)
	replace(t, e)
	if err := e.Abort(); err != nil {
		t.Fatal(err)
	}
	if got, want := names(t, filepath.Dir(path)), []string{filepath.Base(path) + ".lock"}; !slices.Equal(got, want) {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
	if err := errors.Join(e.Abort(), e.Abort()); err != nil {
		t.Error(err)
	}
	if err := e.Commit(t.Context(), nil); err == nil {
		t.Error("an aborted edition was committed")
	}
}

func TestRefusedFiles(t *testing.T) {
	sqlDB := newDB(t)
	attach := func(path string, statements ...string) {
		sqlDB.exec(t, "attach '"+path+"' as other")
		for _, s := range statements {
			sqlDB.exec(t, s)
		}
		sqlDB.exec(t, "detach other")
	}
	tests := []struct {
		name string
		make func(t *testing.T, path string)
		want string
	}{
		{"not a database", func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "not a DuckDB database"},
		{"cut off", func(t *testing.T, path string) {
			publish(t, sqlDB, path, 0, 3, 4000)
			if err := os.Truncate(path, 5000); err != nil {
				t.Fatal(err)
			}
		}, "ledger cannot be opened"},
		{"not a ledger", func(t *testing.T, path string) { attach(path, "create table other.t (a int)") }, "not a plumbline ledger"},
		{"another meta", func(t *testing.T, path string) { attach(path, "create table other.meta (a int)") }, "not a plumbline ledger"},
		{"empty meta", func(t *testing.T, path string) {
			attach(path, "create table other.meta (schema_version int, loop varchar)")
		}, "not a plumbline ledger"},
		{"newer", func(t *testing.T, path string) {
			attach(path, "create table other.meta as select 99 as schema_version, 'flights' as loop")
		}, "newer plumbline: schema version 99, this one knows 4"},
		{"other loop", func(t *testing.T, path string) {
			attach(path, "create table other.meta as select 1 as schema_version, 'taxis' as loop")
		}, `of loop "taxis", not "flights"`},
		{"folder", func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "not a file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "ledger.duckdb")
			tt.make(t, path)
			before, _ := os.ReadFile(path)
			db := newDB(t)
			e, err := Begin(t.Context(), db, path, options(nil))
			if err == nil {
				e.Abort()
			}
			if len(fault.All(err)) != 1 || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("Begin: %v, want a fault with %q", err, tt.want)
			}
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("the file was changed")
			}
			if got := names(t, filepath.Dir(path)); !slices.Equal(got, []string{"ledger.duckdb", "ledger.duckdb.lock"}) {
				t.Errorf("the folder holds %q", got)
			}
			if r, err := Open(t.Context(), db, path, "flights"); err == nil {
				t.Errorf("opened: %v", r.Close())
			}
		})
	}
}

func TestOpenWithoutLedger(t *testing.T) {
	if _, err := Open(t.Context(), newDB(t), ledgerPath(t), "flights"); !errors.Is(err, fs.ErrNotExist) || len(fault.All(err)) != 1 {
		t.Errorf("Open: %v", err)
	}
	_, err := Begin(t.Context(), newDB(t), filepath.Join(t.TempDir(), "no", "ledger.duckdb"), options(nil))
	if !fault.IsUsage(err) {
		t.Errorf("Begin in a folder that does not exist: %v", err)
	}
}

func TestEmptyFileIsANewLedger(t *testing.T) {
	path := ledgerPath(t)
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	publish(t, newDB(t), path, 0, 1, 4)
	open(t, path)
}

func TestStaleStagingIsSwept(t *testing.T) {
	path := ledgerPath(t)
	folder := filepath.Dir(path)
	other := filepath.Join(folder, ".other.duckdb.staging-1")
	for _, stale := range []string{other, filepath.Join(folder, stagingPrefix(path)+"1"), filepath.Join(folder, stagingPrefix(path)+"2")} {
		if err := os.MkdirAll(filepath.Join(stale, "deep"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	begin(t, newDB(t), path).Abort()
	want := []string{filepath.Base(other), filepath.Base(path) + ".lock"}
	if got := names(t, folder); !slices.Equal(got, want) {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
}

func TestRenamesFollowTheLedger(t *testing.T) {
	path := ledgerPath(t)
	folder := filepath.Dir(path)
	staged, final := filepath.Join(folder, ".f.tmp"), filepath.Join(folder, "f.json")
	var order []string
	e, err := Begin(t.Context(), newDB(t), path, options(func(o *Options) {
		o.step = func(string) error {
			for _, name := range []string{path, final, final + ".rows"} {
				if _, err := os.Stat(name); err == nil && !slices.Contains(order, name) {
					order = append(order, name)
				}
			}
			return nil
		}
	}))
	if err != nil {
		t.Fatal(err)
	}
	rows := filepath.Join(e.Staging(), "rows")
	for _, name := range []string{staged, staged + "2", rows, rows + "2"} {
		if err := os.WriteFile(name, []byte("new"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	also := []Rename{{From: staged, To: final}, {From: rows, To: final + ".rows", Before: true}, {From: rows + "2", To: final + ".rows2", Before: true}, {From: staged + "2", To: final + "2"}}
	if err := e.Commit(t.Context(), also); err != nil {
		t.Fatal(err)
	}
	if want := []string{final + ".rows", path, final}; !slices.Equal(order, want) {
		t.Errorf("order %q, want %q", order, want)
	}
	if got, err := os.ReadFile(final); string(got) != "new" {
		t.Errorf("%q, %v", got, err)
	}
	e = begin(t, newDB(t), path)
	before, _ := os.Stat(path)
	if err := e.Commit(t.Context(), []Rename{{From: staged, To: final}}); err == nil {
		t.Error("a staged file that is missing was not missed")
	}
	if after, _ := os.Stat(path); !os.SameFile(before, after) {
		t.Error("the ledger was published without its files")
	}
}

// An evaluation as of an earlier instant never takes the place of a later one; an equal or later one does.
func TestEvaluationsKeepTheLaterInstant(t *testing.T) {
	path, db := ledgerPath(t), newDB(t)
	for _, step := range []struct{ asOf, summary, want string }{
		{"2024-03-05T00:00:00Z", "first", "first"}, {"2024-03-04T23:59:59.5Z", "earlier", "first"},
		{"2024-03-05T00:00:00Z", "again", "again"}, {"2024-03-05T00:00:00.000001Z", "later", "later"},
	} {
		f := findings()
		f.AsOf, f.Summary = step.asOf, step.summary
		other := findings()
		other.AsOf, other.Summary = step.asOf, "another boundary"
		e := begin(t, db, path)
		if err := e.PutEvaluations(t.Context(), []Evaluation{{Boundary: day(3), Findings: f}, {Boundary: day(4), Findings: other}}); err != nil {
			t.Fatal(err)
		}
		commit(t, e)
		r, raw := open(t, path)
		all, err := r.Evaluations(t.Context(), day(0), day(9))
		if err != nil || len(all) != 2 || all[0].Boundary != day(3) || all[0].Findings.Summary != step.want {
			t.Errorf("after %q: %+v, %v, want %q", step.summary, all, err, step.want)
		}
		if rows := raw.texts(t, "select count(*) from ledger.main.findings group by boundary"); !slices.Equal(rows, []string{strconv.Itoa(len(f.Findings)), strconv.Itoa(len(f.Findings))}) {
			t.Errorf("rows of findings by boundary: %v, want %d each", rows, len(f.Findings))
		}
	}
}
