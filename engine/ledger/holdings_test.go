package ledger

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline-data/plumbline/engine/attribution"
)

// spoil changes a ledger as no run does.
func spoil(t *testing.T, path string, statements ...string) {
	t.Helper()
	db := newDB(t)
	db.exec(t, "attach '"+strings.ReplaceAll(path, "'", "''")+"' as ledger")
	for _, s := range statements {
		db.exec(t, s)
	}
	db.exec(t, "detach ledger")
}

// balanced writes four days whose counts, cells and histograms agree, with a run and an evaluation whose terms add up.
func balanced(t *testing.T, path string) {
	t.Helper()
	db := newDB(t)
	db.handOver(t, 0, 4, 40)
	db.exec(t, "create or replace temp table out_counts as select * replace (106 as predictions, 90 as matched, 4 as pending, 6 as missing) from out_counts")
	db.exec(t, "create or replace temp table out_histograms as select * replace (15 * \"rows\" as \"rows\") from out_histograms")
	e := begin(t, db, path)
	replace(t, e)
	f, delta := findings(), 0.0
	for _, term := range f.Attribution {
		delta += term.Delta
	}
	f.Loss.Delta = &delta
	if err := errors.Join(e.PutEvaluations(t.Context(), []Evaluation{{Boundary: day(4), Findings: f, Details: details()}}),
		e.PutRun(t.Context(), Run{ID: "00ff", From: day(0).Start(), To: day(4).Start(), AsOf: day(60).Start(), EngineVersion: "1"})); err != nil {
		t.Fatal(err)
	}
	commit(t, e)
}

// TestCheck: a ledger as runs leave it fails no check, and each check fails where it should.
func TestCheck(t *testing.T) {
	const another = "insert into ledger.main.%s select * from ledger.main.%s limit 1"
	tests := []struct{ name, spoil, want string }{
		{"as it is", "select 1", ""},
		{"a day twice", strings.ReplaceAll(another, "%s", "days"), "a day is there twice (1, " + dates([]attribution.Day{day(0)})[0] + ")"},
		{"a balance", "update ledger.main.days set invalid = invalid + 1 where day = (select max(day) from ledger.main.days)", "the balance of predictions does not add up"},
		{"a prediction", "update ledger.main.days set missing = missing + 1, predictions = predictions + 1", "cells hold other predictions than the day's balance"},
		{"an outcome", "update ledger.main.days set missing = missing - 1, matched = matched + 1", "cells hold other outcomes than the day's balance"},
		{"a day that is gone", "delete from ledger.main.days where day = (select min(day) from ledger.main.days)", "cells holds a day that is not there"},
		{"a layout", "delete from ledger.main.layouts", "a day's layout is not there"},
		{"a cell's layout", "update ledger.main.cells set layout_id = 'x'", "a cell has another layout than its day"},
		{"segments", "update ledger.main.days set segment_names = ['origin']", "a cell has other segments than its day"},
		{"a cell twice", strings.ReplaceAll(another, "%s", "cells"), "a cell is there twice"},
		{"histograms", "update ledger.main.histograms set \"rows\" = \"rows\" + 1 where dimension = ''", "histograms of scores hold other outcomes than cells"},
		{"a judgement twice", strings.ReplaceAll(another, "%s", "evaluations"), "a boundary is judged twice"},
		{"no JSON", "update ledger.main.evaluations set findings_json = '{'", "an evaluation's findings are no JSON"},
		{"no judgement", "delete from ledger.main.evaluations", "attribution_terms holds a boundary that is not judged"},
		{"an account", "update ledger.main.attribution_terms set delta = delta + 1", "the terms of an account do not add up"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := ledgerPath(t)
			balanced(t, path)
			spoil(t, path, test.spoil)
			r, _ := open(t, path)
			failures, err := r.Check(context.Background(), path+".rows")
			if err != nil {
				t.Fatal(err)
			}
			var told []string
			for _, f := range failures {
				told = append(told, f.Reason)
				if f.Places < 1 || f.Place == "" {
					t.Errorf("%+v says not where", f)
				}
			}
			got := strings.Join(told, "; ")
			want, _, _ := strings.Cut(test.want, " (")
			if want == "" && got != "" || !strings.Contains(got, want) {
				t.Errorf("fails %q, want %q", got, test.want)
			}
		})
	}
}

// TestCompact: what is there stays, and what was replaced takes no room any more: days that came again and again take what they take that came
// at once.
func TestCompact(t *testing.T) {
	compacted := func(path string) (bytes int64) {
		db := newDB(t)
		e := begin(t, db, path)
		if err := e.Compact(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := e.Commit(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		onlyLedger(t, path)
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	once, often := ledgerPath(t), ledgerPath(t)
	publish(t, newDB(t), once, 0, 6, 400)
	for _, first := range []int{3, 0, 2, 0, 3} {
		publish(t, newDB(t), often, first, 3, 400)
	}
	held := func() map[string][]string {
		r, db := open(t, often)
		defer func() { _ = r.Close() }()
		return dump(t, db)
	}
	before := held()
	b := compacted(often)
	if diff := cmp.Diff(before, held()); diff != "" || len(before) < 10 {
		t.Errorf("compacting changed what the ledger holds: %s", diff)
	}
	if a := compacted(once); a != b {
		t.Errorf("%d and %d bytes", a, b)
	}
}
