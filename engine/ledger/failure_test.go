package ledger

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
)

// TestFailedSteps fails each step in turn: the ledger before it stays whole, nothing else stays, and the next run works.
func TestFailedSteps(t *testing.T) {
	for _, step := range []string{"lock", "sweep", "copy", "attach", "prepare", "views", "checkpoint", "detach", "sync", "rename"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			path := ledgerPath(t)
			db := newDB(t)
			publish(t, db, path, 0, 2, 10)
			want, _ := os.ReadFile(path)
			failed := errors.New("no space left")
			db.handOver(t, 2, 2, 10)
			err := attempt(t.Context(), t, db, path, options(func(o *Options) {
				o.step = func(name string) error {
					if name == step {
						return failed
					}
					return nil
				}
			}))
			if !errors.Is(err, failed) {
				t.Errorf("error %v, want %v", err, failed)
			}
			if got, _ := os.ReadFile(path); string(got) != string(want) {
				t.Error("the ledger was changed")
			}
			onlyLedger(t, path)
			publish(t, db, path, 2, 2, 10)
		})
	}
}

// attempt adds the days handed over to the ledger.
func attempt(ctx context.Context, t testing.TB, db DB, path string, o Options) error {
	e, err := Begin(ctx, db, path, o)
	if err != nil {
		return err
	}
	defer e.Abort()
	err = e.ReplaceDays(ctx, Replacement{AsOf: day(31).Start(), Layout: layout(t, nil), Segments: []string{"origin", "carrier"}})
	if err != nil {
		return err
	}
	return e.Commit(ctx, nil)
}

func TestCancelled(t *testing.T) {
	path := ledgerPath(t)
	db := newDB(t)
	publish(t, db, path, 0, 2, 10)
	want, _ := os.ReadFile(path)
	db.handOver(t, 2, 2, 10)
	for _, step := range []string{"lock", "copy", "attach", "prepare", "views", "checkpoint", "sync", "rename"} {
		ctx, cancel := context.WithCancel(t.Context())
		err := attempt(ctx, t, db, path, options(func(o *Options) {
			o.step = func(name string) error {
				if name == step {
					cancel()
				}
				return ctx.Err()
			}
		}))
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want %v", step, err, context.Canceled)
		}
		if got, _ := os.ReadFile(path); string(got) != string(want) {
			t.Errorf("%s: the ledger was changed", step)
		}
		onlyLedger(t, path)
	}
}

func TestFailedChangeIsNotPublished(t *testing.T) {
	path := ledgerPath(t)
	db := newDB(t)
	publish(t, db, path, 0, 2, 10)
	want, _ := os.ReadFile(path)
	tests := map[string]string{
		"stray day":   "insert into out_seams by name select date '2030-01-01' as day",
		"NULL day":    "insert into out_cells by name select null::date as day",
		"day twice":   "insert into out_counts select * from out_counts limit 1",
		"unbalanced":  "update out_counts set missing = missing + 1",
		"no outcomes": "update out_counts set missing = null",
	}
	for name, statement := range tests {
		db.handOver(t, 2, 2, 10)
		db.exec(t, statement)
		e := begin(t, db, path)
		r := Replacement{AsOf: day(31).Start(), Layout: layout(t, nil)}
		if err := e.ReplaceDays(t.Context(), r); err == nil || !strings.Contains(err.Error(), "cannot be taken in") {
			t.Errorf("%s: %v", name, err)
		}
		if err := e.Commit(t.Context(), nil); err == nil {
			t.Errorf("%s: published", name)
		}
	}
	if got, _ := os.ReadFile(path); string(got) != string(want) {
		t.Error("the ledger was changed")
	}
	onlyLedger(t, path)
}

// TestNewerDaysStay: a run as of an earlier instant leaves the days that the ledger knows better.
func TestNewerDaysStay(t *testing.T) {
	path := ledgerPath(t)
	db := newDB(t)
	publish(t, db, path, 0, 2, 10)
	db.handOver(t, 1, 2, 30)
	e := begin(t, db, path)
	r := Replacement{AsOf: day(20).Start(), Layout: layout(t, nil), Segments: []string{"origin", "carrier"}}
	if err := e.ReplaceDays(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for d, want := range []int{10, 10, 30} {
		cube, err := e.Cube(t.Context(), day(d), day(d+1))
		if err != nil || len(cube.Cells) != want {
			t.Errorf("day %d: %d cells, %v, want %d", d, len(cube.Cells), err, want)
		}
	}
}

func TestScratchIsNotPublished(t *testing.T) {
	db := newDB(t)
	db.handOver(t, 0, 2, 10)
	s, err := NewScratch(t.Context(), db, "flights")
	if err != nil {
		t.Fatal(err)
	}
	replace(t, s.Edition)
	if cube, err := s.Cube(t.Context(), day(0), day(2)); err != nil || len(cube.Cells) != 20 {
		t.Errorf("cube: %v, want 20 cells", err)
	}
	if err := s.Commit(t.Context(), nil); err == nil {
		t.Error("a ledger without a file was published")
	}
	if err := errors.Join(s.Close(), s.Close(), s.Abort()); err != nil {
		t.Error(err)
	}
	begin(t, db, ledgerPath(t))
}
