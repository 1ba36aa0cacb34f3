package ledger

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestHeadersDescribeTheLedger: a table or view has the columns and types that its stage's header names, in that order,
// and every one has a comment.
func TestHeadersDescribeTheLedger(t *testing.T) {
	path := ledgerPath(t)
	publish(t, newDB(t), path, 0, 3, 40)
	_, db := open(t, path)
	var want []string
	for _, stage := range slices.Concat(tables, views) {
		h, err := readHeader(stage)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range h.columns {
			want = append(want, h.name+"|"+c.name+"|"+c.kind+"|"+c.text)
		}
	}
	got := db.texts(t, `select table_name, column_name, data_type, coalesce(comment, 'NO COMMENT')
		from duckdb_columns() where database_name = 'ledger' order by table_oid, column_index`)
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("columns (-header +ledger):\n%s", diff)
	}
	got = db.texts(t, `select view_name from duckdb_views() where database_name = 'ledger' and not internal and coalesce(comment, '') = ''
		union all select table_name from duckdb_tables() where database_name = 'ledger' and coalesce(comment, '') = ''`)
	if len(got) > 0 {
		t.Errorf("without a comment: %q", got)
	}
	got = db.texts(t, "select view_name from duckdb_views() where database_name = 'ledger' and not internal order by 1")
	fixed := []string{"attribution", "calibration", "cells_by_condition", "daily", "findings", "inputs", "maturity", "metrics", "runs", "seams"}
	if !slices.Equal(got, fixed) {
		t.Errorf("views %q, want %q", got, fixed)
	}
}

func TestViewsKeepTheirGrain(t *testing.T) {
	path := ledgerPath(t)
	db := newDB(t)
	publish(t, db, path, 0, 9, 60)
	publish(t, db, path, 3, 6, 40)
	_, reader := open(t, path)
	for view, key := range map[string]string{
		"daily":              "day",
		"cells_by_condition": "day, condition, level",
		"findings":           "boundary, id",
		"attribution":        "boundary, position",
		"seams":              "day, source, feature",
		"maturity":           "day, age",
		"metrics":            "day, dimension, level",
		"calibration":        "day, dimension, level, score_from",
		"inputs":             "run_id, input, file",
		"runs":               "run_id",
	} {
		if got := reader.texts(t, "select count(*) > 0 from ledger."+view); got[0] != "true" {
			t.Errorf("%s is empty", view)
		}
		if got := reader.texts(t, "select "+key+" from ledger."+view+" group by all having count(*) > 1"); len(got) > 0 {
			t.Errorf("%s: more than one row for %q", view, got)
		}
	}
}

// TestViewsByHand: one day of three fingerprints, small enough to add up.
func TestViewsByHand(t *testing.T) {
	path := ledgerPath(t)
	db := newDB(t)
	db.handOver(t, 0, 1, 0)
	l := layout(t, nil)
	db.exec(t, `insert into out_cells
		select date '2024-01-01', 'v1', ['a', 'b'], f::ubigint[], age, predictions, "rows", "rows", loss, "rows" / 2, "rows" / 4, 0, 0, 0, 0
		from (values
			([0, 0], -1, 10, 0, 0.0), ([0, 0], 0, 0, 6, 3.0), ([0, 0], 2, 0, 2, 1.0),
			([9 + 48879 * 32, 0], -1, 4, 0, 0.0), ([9 + 48879 * 32, 0], 2, 0, 2, 3.0), ([9 + 48879 * 32, 0], 3, 0, -1, -2.0)
		) c(f, age, predictions, "rows", loss)`)
	e := begin(t, db, path)
	r := Replacement{AsOf: day(31).Start(), Layout: l, Segments: []string{"origin", "carrier"}}
	if err := e.ReplaceDays(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	commit(t, e)
	_, reader := open(t, path)
	for _, tt := range []struct{ query, want string }{
		{"select age, rows, round(known_share, 4) from ledger.maturity order by 1", "0|6|0.4286 2|10|0.7143 3|9|0.6429"},
		{"select matched_share, round(mean_loss, 4), base_rate, mean_score from ledger.daily", "0.6382978723404256|0.5556|0.25|0.5"},
		{"select level, predictions, rows, mean_loss from ledger.cells_by_condition where condition = 'weather.cardinality' order by 1", "as expected|10|8|0.5 none|4|1|1"},
		{"select level, predictions, rows, mean_loss from ledger.cells_by_condition where condition = 'wx_temp_f.value' order by 1", "agrees|10|8|0.5 default|4|1|1"},
		{"select level, predictions from ledger.cells_by_condition where condition = 'predictions.schema' order by 1", "0000|10 beef|4"},
		{"select agree_share, null_share, default_share, differs_share, ambiguous_share from ledger.seams order by all", "0.5|0.2|0.1|0.2|0 0.5|0.2|0.1|0.2|0.1"},
	} {
		if got := strings.ReplaceAll(strings.Join(reader.texts(t, tt.query), " "), "as_expected", "as expected"); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.query, got, tt.want)
		}
	}
}

// TestMetricsByHand: eight rows of a day that stand for two each, of which half are positive, scored in three bins; all metrics of both tasks.
func TestMetricsByHand(t *testing.T) {
	for _, tt := range []struct {
		binary bool
		bins   string // bin, weight, positives
		want   map[string]string
	}{
		{true, "(10, 4, 1), (130, 3, 2), (200, 1, 1)", map[string]string{
			"select dimension, level, rows, mean_loss, base_rate, mean_score, round(brier, 3), mae, rmse, bias, abs_error_p50 from metrics": "" +
				"||8|0.25|0.5|0.4|0.2|<nil>|<nil>|<nil>|<nil>" +
				" carrier|b|8|0.25|0.5|0.4|0.2|<nil>|<nil>|<nil>|<nil>" +
				" origin|a|8|0.25|0.5|0.4|0.2|<nil>|<nil>|<nil>|<nil>" +
				" predictions.schema|0000|8|0.25|0.5|0.4|0.2|<nil>|<nil>|<nil>|<nil>",
			"select auc, auc_error_bound, accuracy, precision, recall, f1 from metrics": "" +
				"0.78125|0.15625|0.75|0.75|0.75|0.75 <nil>|<nil>|<nil>|<nil>|<nil>|<nil> 0.78125|0.15625|0.75|0.75|0.75|0.75 <nil>|<nil>|<nil>|<nil>|<nil>|<nil>",
			"select score_from, score_to, rows, weight, mean_score, base_rate from calibration": "" +
				"0|0.0625|4|8|0.041015625|0.25 0.5|0.5625|3|6|0.509765625|0.6666666666666666 0.75|0.8125|1|2|0.783203125|1",
		}},
		{false, "(-32768, 2, 0), (0, 5, 1), (16, 1, 1)", map[string]string{
			"select round(mae, 3), round(rmse, 3), round(bias, 3), round(abs_error_p50, 3), round(abs_error_p90, 3), round(abs_error_p99, 3), brier, auc, f1 from metrics": "" +
				"0.3|0.447|-0.1|1.044|2.089|2.089|<nil>|<nil>|<nil> 0.3|0.447|-0.1|<nil>|<nil>|<nil>|<nil>|<nil>|<nil>" +
				" 0.3|0.447|-0.1|1.044|2.089|2.089|<nil>|<nil>|<nil> 0.3|0.447|-0.1|<nil>|<nil>|<nil>|<nil>|<nil>|<nil>",
			"select count(*) from calibration": "0",
		}},
	} {
		path, db := ledgerPath(t), newDB(t)
		db.handOver(t, 0, 1, 0)
		db.exec(t, `insert into out_cells
			select date '2024-01-01', 'v1', ['a', 'b'], [0, 0]::ubigint[], age, predictions, n, 2 * n, n * 0.5, n * 0.8, n, n * 0.6, n, n * 0.6, n * 0.6
			from (values (-1, 10, 0), (0, 0, 9), (3, 0, -1)) c(age, predictions, n)`)
		db.exec(t, "delete from out_histograms")
		for _, of := range []string{"'', ''", "'origin', 'a'", "'wx_temp_f.value', 'default'"} {
			db.exec(t, "insert into out_histograms select date '2024-01-01', "+of+", bin, weight, 2 * weight, 2 * positives from (values "+tt.bins+") b(bin, weight, positives)")
		}
		e, err := Begin(t.Context(), db, path, options(func(o *Options) { o.Binary = tt.binary }))
		if err != nil {
			t.Fatal(err)
		}
		if err := e.ReplaceDays(t.Context(), Replacement{AsOf: day(31).Start(), Layout: layout(t, nil), Segments: []string{"origin", "carrier"}}); err != nil {
			t.Fatal(err)
		}
		commit(t, e)
		_, reader := open(t, path)
		for query, want := range tt.want {
			where := ""
			if strings.Contains(query, "from metrics") {
				where = " where dimension in ('', 'origin', 'carrier', 'predictions.schema') order by dimension"
			} else if !strings.Contains(query, "count") {
				where = " where dimension = '' order by score_from"
			}
			got := strings.Join(reader.texts(t, strings.Replace(query, "from ", "from ledger.", 1)+where), " ")
			if got != want {
				t.Errorf("%s\n got %s\nwant %s", query, got, want)
			}
		}
	}
}

// TestViewsWorkUnderAnyName: an analyst attaches the ledger as anything, or opens it as the main database.
func TestViewsWorkUnderAnyName(t *testing.T) {
	path := strings.ReplaceAll(ledgerPath(t), "'", "")
	publish(t, newDB(t), path, 0, 2, 20)
	db := newDB(t)
	db.exec(t, "create table cells (a int)")
	db.exec(t, "attach '"+path+"' as whatever (read_only)")
	for _, name := range views {
		_, view, _ := strings.Cut(name, "_")
		db.texts(t, "select * from whatever."+view)
	}
	db.exec(t, "use whatever")
	if got := db.texts(t, "select count(*) from daily"); got[0] != "2" {
		t.Errorf("%s days, want 2", got[0])
	}
}

func TestReadHeaderRefuses(t *testing.T) {
	for _, stage := range []string{"no_such_stage", "500_ledger_attach", "541_ledger_delete_layout"} {
		if h, err := readHeader(stage); err == nil {
			t.Errorf("%s: %+v", stage, h)
		}
	}
}

// dump gives the logical content: every table and view, ordered by all columns.
func dump(t testing.TB, db *testDB) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, name := range db.texts(t, "select table_name from information_schema.tables where table_catalog = 'ledger'") {
		all[name] = db.texts(t, `select * from ledger.main."`+name+`" order by all`)
	}
	return all
}

func TestRerunGivesTheSame(t *testing.T) {
	path, again := ledgerPath(t), ledgerPath(t)
	db := newDB(t)
	publish(t, db, path, 0, 12, 50)
	_, first := open(t, path)
	want := dump(t, first)
	publish(t, db, path, 0, 12, 50)
	_, second := open(t, path)
	if diff := cmp.Diff(want, dump(t, second)); diff != "" {
		t.Errorf("the same run twice (-once +twice):\n%s", diff)
	}
	publish(t, db, again, 6, 6, 70)
	publish(t, db, again, 0, 6, 50)
	publish(t, db, again, 6, 6, 50)
	_, third := open(t, again)
	got := dump(t, third)
	for _, view := range []string{"daily", "cells_by_condition", "seams", "maturity", "cells", "histograms", "layouts"} {
		if diff := cmp.Diff(want[view], got[view]); diff != "" {
			t.Errorf("%s: in other order (-in order +otherwise):\n%s", view, diff)
		}
	}
}
