package repair

import (
	"database/sql"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/rs/zerolog"

	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// What SQL reads off the curves of a model is what the model itself says: for numbers in and out of their range, on the edges of bins, not finite
// and too large, for words that it knows and others, and for none, with a default and without.
func TestSQLReadsCurvesAsTheModel(t *testing.T) {
	features, all := drawn(9000, func(x, y float64, w word) float64 {
		z := .4 * math.Floor(y/250)
		if math.IsNaN(y) {
			z = -3
		}
		if w.text == "JFK" {
			z += .5
		}
		return z + .01*x*x
	})
	m, why := fit(features, all)
	if m == nil {
		t.Fatal(why)
	}
	db, err := warehouse.Open(t.Context(), warehouse.Options{Temp: t.TempDir(), Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var pieces pieceParams
	pieces.add("v1", m)
	if err := db.Run(t.Context(), "473_in_curves", nil, pieces.params()); err != nil {
		t.Fatal(err)
	}
	values := []any{nil, -1e300, math.Inf(1), math.Inf(-1), math.NaN(), 0.0, 1e16, 23.5, 1e9}
	for i := range 2 {
		for _, p := range m.curves[i].pieces[2:] {
			values = append(values, p.low, math.Nextafter(p.low, math.Inf(-1)))
		}
	}
	words := []any{nil, "", "JFK", "LGA", "EWR"}
	r := rand.New(rand.NewPCG(2, 2))
	exec := func(text string, args ...any) {
		if _, err := db.Conn().ExecContext(t.Context(), text, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("create temp table stg_predictions (version varchar, f_0 double, f_1 double, f_2 varchar)")
	exec("create temp table int_replayed (row_no bigint, r_0 double, r_1 double, r_2 varchar)")
	exec("create temp table int_values (row_no bigint, e_0 usmallint, e_1 usmallint, e_2 usmallint, d_1 double, d_2 varchar)")
	type row struct{ served, replayed [3]any }
	var rows []row
	for n := range 400 {
		var one row
		for _, side := range []*[3]any{&one.served, &one.replayed} {
			*side = [3]any{values[r.IntN(len(values))], values[r.IntN(len(values))], words[r.IntN(len(words))]}
		}
		rows = append(rows, one)
		exec("insert into stg_predictions values ('v1', ?, ?, ?)", one.served[0], one.served[1], one.served[2])
		exec("insert into int_replayed values (?, ?, ?, ?)", n, one.replayed[0], one.replayed[1], one.replayed[2])
		exec("insert into int_values values (?, 3, 3, 3, 300, 'JFK')", n)
	}
	for i := range features {
		f := &features[i]
		s := side{Index: i, Text: f.Text, HasDefault: i > 0}
		f.Served, f.AsReplayed = s, s
		f.AsReplayed.Replay = true
	}
	if err := db.Run(t.Context(), "474_int_shifts", stageData{Features: features, Replayed: features}, nil); err != nil {
		t.Fatal(err)
	}
	seen := 0
	found, err := db.Conn().QueryContext(t.Context(), "select row_no, feature, shift::double, outside from int_shifts")
	if err != nil {
		t.Fatal(err)
	}
	defer func(q *sql.Rows) { _ = q.Close() }(found)
	for found.Next() {
		var n, i int
		var shift float64
		var outside bool
		if err := found.Scan(&n, &i, &shift, &outside); err != nil {
			t.Fatal(err)
		}
		seen++
		was, beyond := said(&m.curves[i], rows[n].served[i], i)
		would, also := said(&m.curves[i], rows[n].replayed[i], i)
		want := min(max(would-was, -1e20), 1e20)
		if math.Abs(shift-want) > 1e-9*max(1, math.Abs(want)) || outside != (beyond || also) {
			t.Errorf("feature %d from %v to %v: %v, outside %v; the model says %v, %v", i, rows[n].served[i], rows[n].replayed[i], shift, outside, want, beyond || also)
		}
	}
	if err := found.Err(); err != nil || seen != 3*len(rows) {
		t.Fatalf("%d shifts, want %d, %v", seen, 3*len(rows), err)
	}
}

// said is what a curve adds for a value as it is staged, and whether it is outside.
func said(c *curve, value any, feature int) (float64, bool) {
	if c.text {
		w, ok := value.(string)
		if !ok {
			w = "JFK" // the default
		}
		at, known := c.words[w]
		return at, !known
	}
	x, ok := value.(float64)
	if (!ok || math.IsNaN(x)) && feature == 1 && !ok {
		x, ok = 300, true // the default
	}
	if !ok || !(math.Abs(x) < 1e15) {
		x = math.NaN()
	}
	i := 0
	if !math.IsNaN(x) {
		for i = len(c.pieces) - 1; x < c.pieces[i].low; i-- {
			continue
		}
	}
	return c.at(x, word{}), c.pieces[i].outside
}
