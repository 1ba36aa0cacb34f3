package engine

import (
	"database/sql"
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/report"
	"github.com/plumbline-data/plumbline/fixtures/lake"
)

// A week of real flights as the report tells it is what SQL of its own finds in the views of the ledger.
func TestWeekly(t *testing.T) {
	loopFile := lake.Shared(t, "flights-nyc2013", "small", "loop.yaml")
	path := filepath.Join(t.TempDir(), "flights.duckdb")
	monday := time.Date(2013, 7, 22, 0, 0, 0, 0, time.UTC)
	o := Options{LoopFile: loopFile, Ledger: path, From: monday.AddDate(0, 0, -7), To: monday.AddDate(0, 0, 7)}
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	w, err := Weekly(t.Context(), Options{Ledger: path}, []string{loopFile}, monday)
	if err != nil {
		t.Fatal(err)
	}
	if len(w.Loops) != 1 || w.Week != "2013-W30" || w.Loops[0].Boundary == nil || *w.Loops[0].Boundary != "2013-07-29" {
		t.Fatalf("%+v", w)
	}
	l := &w.Loops[0]
	db := lake.Duck(t)
	if _, err := db.Exec("attach '" + path + "' as l (read_only)"); err != nil { // lint:sql a test's own look
		t.Fatal(err)
	}
	one := func(query string, args ...any) (v sql.NullFloat64) {
		t.Helper()
		if err := db.QueryRow(query, args...).Scan(&v); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return v
	}
	same := func(what string, got *float64, want sql.NullFloat64) {
		t.Helper()
		if (got == nil) != !want.Valid || got != nil && math.Abs(*got-want.Float64) > 1e-12 {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	for _, d := range l.Days {
		same(d.Day, d.Loss, one("select mean_loss from l.daily where day = ?::date", d.Day))
	}
	if n := one("select count(*) from l.daily where predictions > 0"); int(n.Float64) != len(l.Days) {
		t.Errorf("%d days, want %g", len(l.Days), n.Float64)
	}
	if n := one("select sum(predictions) from l.daily where day >= date '2013-07-22' and day < date '2013-07-29'"); float64(l.Balance.Predictions) != n.Float64 {
		t.Errorf("%d predictions, want %g", l.Balance.Predictions, n.Float64)
	}
	for i, age := range l.Maturity.Ages {
		want := one(`select coalesce(sum(k."rows"), 0) / sum(d.matched + d.pending + d.missing) from l.daily as d
			left join (select day, max("rows") as "rows" from l.maturity where age <= ? group by day) as k on k.day = d.day
			where date_diff('day', d.day + 1, d.as_of) >= ?`, age, age)
		same("maturity", &l.Maturity.Shares[i], want)
	}
	if len(l.Maturity.Ages) < 3 || l.Maturity.Shares[2] < 0.9 {
		t.Errorf("maturity %v %v", l.Maturity.Ages, l.Maturity.Shares)
	}
	for _, s := range l.Seams {
		same(s.Feature, s.Agree, one(`select sum(agree_share * "rows") / sum("rows") from l.seams where feature = ? and day >= date '2013-07-22' and day < date '2013-07-29'`, s.Feature))
	}
	weekOffNominal(t, l, one)
	if len(l.Trend) != 2 || l.Trend[1].Week != "2013-W30" || l.Trend[0].Week != "2013-W29" {
		t.Errorf("trend %+v", l.Trend)
	}
}

// weekOffNominal holds the heat map against the levels that the view counts: what was not null, not default and agreed is nominal of a value.
func weekOffNominal(t *testing.T, l *report.WeeklyLoop, one func(string, ...any) sql.NullFloat64) {
	t.Helper()
	if len(l.Heat) == 0 {
		t.Fatal("no condition is ever off the nominal")
	}
	for _, h := range l.Heat {
		first, err := time.Parse(time.DateOnly, h.First)
		if err != nil || len(h.Shares) != 35 {
			t.Fatalf("%+v, %v", h, err)
		}
		for i, s := range h.Shares {
			day := first.AddDate(0, 0, i).Format(time.DateOnly)
			all := one("select sum(predictions) from l.cells_by_condition where condition = ? and day = ?::date", h.Condition, day)
			if (s == nil) != !all.Valid {
				t.Errorf("%s on %s: %v, want predictions %v", h.Condition, day, s, all)
			}
			// The share is one of a set of levels: what is left over when some of them are taken away.
			if s != nil && *s > 0 {
				least := one("select min(predictions) / ? from l.cells_by_condition where condition = ? and day = ?::date", all.Float64, h.Condition, day)
				if *s < least.Float64-1e-12 || *s > 1 {
					t.Errorf("%s on %s: %g, which no level has", h.Condition, day, *s)
				}
			}
		}
	}
}

func TestWeekOf(t *testing.T) {
	for text, want := range map[string]string{
		"2013-W29": "2013-07-15", "2015-W53": "2015-12-28", "2016-W01": "2016-01-04", "2020-W53": "2020-12-28", "2021-W01": "2021-01-04", "1970-W01": "1969-12-29",
		"2014-W53": "", "2013-W00": "", "2013-W54": "", "2013-29": "", "": "", "2013-W2": "", "2013-W29x": "", "13-W29": "", "2013-w29": "",
	} {
		got, ok := report.WeekOf(text)
		if ok != (want != "") || ok && got.Format(time.DateOnly) != want {
			t.Errorf("%q is %s, %t, want %q", text, got, ok, want)
		}
	}
}
