package ledger

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/fingerprint"
	"github.com/plumbline-data/plumbline/engine/report"
)

// cellTexts writes a cube's cells out, dictionaries resolved.
func cellTexts(cube *attribution.Cube) []string {
	var lines []string
	for _, c := range cube.Cells {
		lines = append(lines, fmt.Sprintln(c.Day-day(0), cube.Versions[c.Version], cube.Segments[c.Segment], cube.Fingerprints[c.Fingerprint],
			c.Age, c.Predictions, c.Rows, c.Weight, c.Loss, c.Score, c.Outcome, c.ScoreSq, c.OutcomeSq, c.ScoreOut, c.AbsError))
	}
	return lines
}

func TestCube(t *testing.T) {
	path := ledgerPath(t)
	db := newDB(t)
	publish(t, db, path, 0, 4, 50)
	r, raw := open(t, path)
	cube, err := r.Cube(t.Context(), day(1), day(3))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(layout(t, nil), cube.Layout); diff != "" {
		t.Errorf("layout (-put +got):\n%s", diff)
	}
	if len(cube.Cells) != 100 || !slices.Equal(cube.Versions, []string{"v0", "v1"}) || len(cube.Segments) != 15 || !cube.Closed[day(1)] || len(cube.Closed) != 2 {
		t.Errorf("%d cells, versions %q, %d segments, closed %v", len(cube.Cells), cube.Versions, len(cube.Segments), cube.Closed)
	}
	want := raw.texts(t, `select concat_ws(' ', day - date '2024-01-01', version, '[' || array_to_string(segments, ' ') || ']',
			'[' || array_to_string(fingerprint, ' ') || ']', age, predictions, "rows", weight, loss, score, outcome, score_sq, outcome_sq, score_outcome, abs_error)
		from ledger.cells where day >= '2024-01-02' and day < '2024-01-04' order by day, version, segments, fingerprint, age`)
	got := cellTexts(cube)
	for i := range got {
		got[i] = strings.Join(strings.Fields(got[i]), " ")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cells (-ledger +cube):\n%s", diff)
	}
}

func TestCubeReadsWideSums(t *testing.T) {
	db := newDB(t)
	db.handOver(t, 0, 1, 2)
	db.exec(t, "update out_cells set loss = 12345678901234567890123456789.123456789, score = -999999.999999999, outcome = -9223372036.854775808 where version = 'v1'")
	e := begin(t, db, ledgerPath(t))
	replace(t, e)
	cube, err := e.Cube(t.Context(), day(0), day(1))
	if err != nil {
		t.Fatal(err)
	}
	want := func(units string) attribution.Fixed {
		n, _ := new(big.Int).SetString(units, 10)
		f, _ := attribution.FixedOfUnits(n)
		return f
	}
	c := cube.Cells[1]
	if c.Loss != want("12345678901234567890123456789123456789") || c.Score != want("-999999999999999") || c.Outcome != want("-9223372036854775808") {
		t.Errorf("loss %v, score %v, outcome %v", c.Loss, c.Score, c.Outcome)
	}
	if cube.Cells[0].Loss != want("-3000000001") {
		t.Errorf("loss %v", cube.Cells[0].Loss)
	}
}

// TestCubeAcrossLayouts: the older day lacks a condition, holds a level that is gone, and has other segment columns.
func TestCubeAcrossLayouts(t *testing.T) {
	db := newDB(t)
	e := begin(t, db, ledgerPath(t))
	put := func(d int, l *fingerprint.Layout, segments []string, codes ...uint16) {
		t.Helper()
		db.handOver(t, d, 1, 0)
		words := l.Pack(codes)
		db.exec(t, fmt.Sprintf(`insert into out_cells by name select date '2024-01-01' + %d as day, '' as version, ['%s'] as segments,
			['%d']::ubigint[] as fingerprint, 0 as age, 1 as predictions, 1 as "rows", 1 as weight, 1 as loss, 1 as score, 1 as outcome,
			1 as score_sq, 1 as outcome_sq, 1 as score_outcome, 1 as abs_error`, d, strings.Join(segments, "', '"), words[0]))
		if err := e.ReplaceDays(t.Context(), Replacement{AsOf: day(31).Start(), Layout: l, Segments: segments}); err != nil {
			t.Fatal(err)
		}
	}
	make := func(conditions ...fingerprint.Condition) *fingerprint.Layout {
		l, err := fingerprint.NewLayout(conditions)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	value := func(of string, names ...string) fingerprint.Condition {
		c := fingerprint.Condition{Kind: fingerprint.Value, Of: of, Node: of, Bits: 2}
		for _, name := range names {
			c.Levels = append(c.Levels, fingerprint.Level{Name: name, Standing: fingerprint.Usual})
		}
		return c
	}
	schema := fingerprint.Condition{Kind: fingerprint.Schema, Of: "x", Node: "x", Bits: 16}
	older := make(value("gone", "a", "b"), value("f", "agrees", "old", "null"), schema)
	newest := make(value("new", "a", "b"), schema, value("f", "agrees", "null", "default", "differs"))
	put(0, older, []string{"carrier", "origin"}, 1, 1, 77)
	put(1, older, []string{"carrier", "origin"}, 0, 2, 78)
	put(2, newest, []string{"origin", "dest"}, 1, 79, 3)
	cube, err := e.Cube(t.Context(), day(0), day(9))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range cube.Cells {
		text := fmt.Sprint(c.Day-day(0), " ", strings.Join(cube.Segments[c.Segment], ","))
		for i, condition := range cube.Layout.Conditions {
			text += " " + condition.Name() + "=" + condition.LevelName(cube.Layout.Level(cube.Fingerprints[c.Fingerprint], i))
		}
		got = append(got, text)
	}
	want := []string{
		"0 origin, new.value=a x.schema=004d f.value=old",
		"1 origin, new.value=a x.schema=004e f.value=null",
		"2 origin,dest new.value=b x.schema=004f f.value=differs",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	if cube.Layout.ID == newest.ID || cube.Layout.Conditions[2].Bits != 3 {
		t.Errorf("layout %+v", cube.Layout)
	}
	newer, err := e.Cube(t.Context(), day(2), day(9))
	if err != nil || newer.Layout.ID != newest.ID {
		t.Errorf("layout %s, %v, want %s", newer.Layout.ID, err, newest.ID)
	}
}

func TestSeries(t *testing.T) {
	path := ledgerPath(t)
	publish(t, newDB(t), path, 0, 3, 10)
	r, _ := open(t, path)
	days := []attribution.Day{day(0), day(2)}
	s, err := r.Series(t.Context(), "origin", day(0), day(3))
	if err != nil {
		t.Fatal(err)
	}
	want := []Bin{
		{Bin: 0, Rows: 2, Weight: attribution.FixedOfInt(2), Positives: attribution.FixedOfInt(1)},
		{Bin: 10, Rows: 4, Weight: attribution.FixedOfInt(4), Positives: attribution.FixedOfInt(1)},
		{Bin: 20, Rows: 6, Weight: attribution.FixedOfInt(6), Positives: attribution.FixedOfInt(1)},
	}
	for _, level := range []string{"JFK", "LGA"} {
		if bins := s.Histogram(level, days); !slices.Equal(bins, want) {
			t.Errorf("histogram of %s: %+v, want %+v", level, bins, want)
		}
	}
	if bins := s.Histogram("EWR", days); len(bins) > 0 {
		t.Errorf("histogram of a level that is not there: %+v", bins)
	}
	seams := s.Seams(days)
	wantSeams := []SeamCounts{
		{Source: "weather", Feature: "wx_0", Rows: 20, Agree: 10, Null: 4, Default: 2, Differs: 4},
		{Source: "weather", Feature: "wx_1", Rows: 20, Agree: 10, Null: 4, Default: 2, Differs: 4, Ambiguous: 2},
	}
	if !slices.Equal(seams, wantSeams) {
		t.Errorf("seams %+v, want %+v", seams, wantSeams)
	}
	staleness, err := s.Staleness(days, 0.5, 0.51, 0.99, 1)
	if err != nil || !slices.Equal(staleness["weather"], []int64{400, 500, 900, 900}) {
		t.Errorf("staleness %v, %v", staleness, err)
	}
	if _, err := s.Staleness(days, 0); err == nil {
		t.Error("quantile 0 was answered")
	}
	if none, err := s.Staleness(nil, 0.5); err != nil || len(none) != 0 {
		t.Errorf("staleness of no day %v, %v", none, err)
	}
}

func TestEvaluationAndRecords(t *testing.T) {
	path := ledgerPath(t)
	db := newDB(t)
	publish(t, db, path, 0, 3, 10)
	publish(t, db, path, 0, 3, 10)
	r, raw := open(t, path)
	all, err := r.Evaluations(t.Context(), day(3), day(4))
	if err != nil || len(all) != 1 || all[0].Boundary != day(3) {
		t.Fatalf("evaluations %+v, %v", all, err)
	}
	wantFindings := findings()
	wantFindings.RunID = "" // which run it was is not kept, and the counts are those that the ledger has of the day
	wantFindings.Outcomes = report.Counts{Predictions: 100, Invalid: 1, Superseded: 2, Hindsight: 3, Matched: 60, Pending: 24, Missing: 10, Late: 1, Repeated: 2, Corrected: 3, Duplicated: 4, Withdrawn: 5, Orphans: 6}
	wantFindings.Findings[0].Parameters = map[string]any{"offsets": []any{"-05:00"}}
	if diff := cmp.Diff(wantFindings, all[0].Findings); diff != "" {
		t.Errorf("findings (-put +got):\n%s", diff)
	}
	for _, tt := range []struct{ query, want string }{
		{"select boundary::varchar, as_of::varchar, verdict, retrain, delta, ci_low, ci_high, integrity_baseline, matched, summary from ledger.evaluations",
			"2024-01-04|2024-02-01 00:00:00|intake|false|0.5|0.01|0.03|<nil>|60|it's <worse>"},
		{`select position, id, parameters, features, onset::varchar, end_at::varchar, episodes, "rows", row_share, ci_high, q, proven, explains, proof_distinct, evidence from ledger.findings order by 1`,
			`1|F-1|{"offsets":["-05:00"]}|[a b]|2024-01-05 00:00:00|2024-01-09 05:00:00|[{"onset":"2024-01-05T00:00:00Z","end":"2024-01-09T05:00:00Z"}]|12|0.25|0.03|<nil>|true|0.98|11|[one two] ` +
				`2|F-2|<nil>|<nil>|2024-01-06 00:00:00|<nil>|<nil>|0|0|<nil>|<nil>|false|<nil>|<nil>|<nil>`},
		{"select position, term, finding, delta, ci_low, basis, bound_lower, bound_upper, uncertainty from ledger.attribution order by 1",
			"1|cause|F-1|0.02|0.01|not_identified|<nil>|0.5|<nil> 2|population|<nil>|0.1|<nil>|<nil>|<nil>|<nil>|<nil> 3|model|<nil>|0.3|<nil>|<nil>|<nil>|<nil>|0.5"},
	} {
		if got := strings.Join(raw.texts(t, tt.query), " "); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.query, got, tt.want)
		}
	}
	rows := int64(7)
	inputs, err := r.Inputs(t.Context(), "00ff")
	wantInputs := []Input{{Input: "outcomes", File: "o.parquet", Digest: "bb", Size: 6, Rows: &rows, SchemaID: 0xffff, Writer: "x"}, {Input: "weather", File: "w.csv", Digest: "aa", Size: 5, SchemaID: 9}}
	if diff := cmp.Diff(wantInputs, inputs); diff != "" || err != nil {
		t.Errorf("inputs %v (-put +got):\n%s", err, diff)
	}
	schemas, err := r.Schemas(t.Context())
	if want := []Schema{{Input: "outcomes", ID: 0xffff, Columns: `["a"]`}, {Input: "weather", ID: 9, Columns: "[]"}}; err != nil || !slices.Equal(schemas, want) {
		t.Errorf("schemas %+v, %v", schemas, err)
	}
	files, err := r.RowFiles(t.Context())
	if want := []RowFile{{Day: day(0), Name: "ab.parquet", Rows: 4, Digest: "ab"}}; err != nil || !slices.Equal(files, want) {
		t.Errorf("files %+v, %v", files, err)
	}
	runs, err := r.Runs(t.Context())
	if want := []Run{{ID: "00ff", From: day(0).Start(), To: day(3).Start(), AsOf: day(60).Start(), EngineVersion: "1"}}; err != nil || !slices.Equal(runs, want) {
		t.Errorf("runs %+v, %v", runs, err)
	}
}

func TestForgetRowFiles(t *testing.T) {
	path := ledgerPath(t)
	db := newDB(t)
	publish(t, db, path, 0, 1, 4)
	e := begin(t, db, path)
	if err := e.PutRowFiles(t.Context(), []attribution.Day{day(0)}, nil); err != nil {
		t.Fatal(err)
	}
	if files, err := e.RowFiles(t.Context()); err != nil || len(files) != 0 {
		t.Errorf("files %+v, %v", files, err)
	}
}

// BenchmarkCube loads 300,000 cells of 60 days with 4096 fingerprints a day.
func BenchmarkCube(b *testing.B) {
	path := ledgerPath(b)
	db := newDB(b)
	db.handOver(b, 0, 60, 5000)
	e := begin(b, db, path)
	r := Replacement{AsOf: day(99).Start(), Layout: layout(b, nil), Segments: []string{"origin", "carrier"}}
	start := time.Now()
	if err := e.ReplaceDays(b.Context(), r); err != nil {
		b.Fatal(err)
	}
	b.Logf("replaced days in %s", time.Since(start))
	commit(b, e)
	reader, _ := open(b, path)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := reader.Cube(b.Context(), day(0), day(60)); err != nil {
			b.Fatal(err)
		}
	}
}
