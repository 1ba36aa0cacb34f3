package replay_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/condition"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/match"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/replay"
	"github.com/plumbline-data/plumbline/engine/warehouse"
	"github.com/plumbline-data/plumbline/fixtures/lake"
)

// night is a world after all row stages.
type night struct {
	*world
	t    *testing.T
	plan *plan.Plan
	deck *condition.Deck
	conn *sql.Conn
	db   *warehouse.DB
}

// take writes a world and takes it in.
func take(t *testing.T, seed uint64) *night {
	t.Helper()
	w := newWorld(seed)
	return w.take(t, time.UnixMicro(w.from).UTC(), time.UnixMicro(w.end()).UTC())
}

// take writes the world and takes the days of [from, to) in.
func (w *world) take(t *testing.T, from, to time.Time) *night {
	t.Helper()
	seed := w.seed
	n := &night{world: w, t: t}
	dir := t.TempDir()
	n.write(t, dir)
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s\n%s", lake.Told(err), n.yaml())
		}
	}
	ctx := context.Background()
	l, err := loop.Load(filepath.Join(dir, "loop.yaml"))
	check(err)
	db, err := warehouse.Open(ctx, warehouse.Options{Threads: 1 + int(seed%2), Temp: dir})
	check(err)
	t.Cleanup(func() {
		if err := db.Close(); err != nil && !errors.Is(err, sql.ErrConnDone) {
			t.Error(err)
		}
	})
	inventory, err := intake.Open(ctx, db, l)
	check(err)
	n.plan, err = plan.Build(ctx, db, l, inventory)
	check(err)
	asOf := time.UnixMicro(n.asOf).UTC()
	check(match.Stage(ctx, db, n.plan, asOf))
	_, err = match.Run(ctx, db, n.plan, match.Span{ReadFrom: from.Add(-match.ReadBefore), ReadTo: to, From: from, To: to, Context: from, AsOf: asOf})
	check(err)
	check(replay.Run(ctx, db, n.plan, replay.Span{From: from, To: to, AsOf: asOf}))
	n.deck, err = condition.NewDeck(n.plan)
	check(err)
	check(n.deck.Values(ctx, db))
	check(n.deck.Run(ctx, db, nil))
	n.conn, n.db = db.Conn(), db
	return n
}

// read gives a table as column: value by prediction id, instants as microseconds.
func (n *night) read(table string) map[string]map[string]any {
	n.t.Helper()
	rows, err := n.conn.QueryContext(context.Background(), "select stg_predictions.prediction_id, t.* from "+table+
		" as t join stg_predictions on stg_predictions.rowid = t.row_no")
	if err != nil {
		n.t.Fatalf("%s: %v", table, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		n.t.Fatal(err)
	}
	all := map[string]map[string]any{}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			n.t.Fatal(err)
		}
		record := map[string]any{}
		for i, v := range values {
			if at, ok := v.(time.Time); ok {
				v = at.UnixMicro()
			}
			record[columns[i]] = v
		}
		id := values[0].(string)
		if all[id] != nil {
			n.t.Fatalf("%s: prediction %s twice", table, id)
		}
		all[id] = record
	}
	if err := rows.Err(); err != nil {
		n.t.Fatal(err)
	}
	return all
}

// replayed gives the predictions that the stages must have replayed.
func (n *night) replayed() []*prediction {
	var all []*prediction
	for _, p := range n.predictions {
		if n.takes(p) {
			all = append(all, p)
		}
	}
	return all
}

// worlds runs f over so many worlds, a quarter of them under -short; PLUMBLINE_WORLDS says another number.
func worlds(t *testing.T, count int, f func(*testing.T, *night)) {
	if testing.Short() {
		count /= 4
	}
	if text := os.Getenv("PLUMBLINE_WORLDS"); text != "" {
		if _, err := fmt.Sscan(text, &count); err != nil {
			t.Fatal(err)
		}
	}
	for seed := range uint64(count) {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) { f(t, take(t, seed)) })
		if t.Failed() {
			return
		}
	}
}

// TestReplay holds every stage of a random world against its truth, row by row.
func TestReplay(t *testing.T) {
	worlds(t, 16, func(t *testing.T, n *night) {
		n.checkReplayed()
		n.checkLookups()
		n.checkWindows()
		n.checkLevels()
	})
}

func same(got, want any) bool {
	a, ok := got.(float64)
	b, ok2 := want.(float64)
	if ok && ok2 {
		return a == b || math.Abs(a-b) <= 1e-12*max(math.Abs(a), math.Abs(b))
	}
	return got == want
}

// show says what the failing row was about.
func (n *night) show(f *feature, p *prediction, t int64) string {
	text := fmt.Sprintf("%v\nsource at=%v known=%v id=%v snapshot=%v where=%v; as of %s", f.lines(), f.source.hasAt, f.source.hasKnown,
		f.source.hasID, f.source.snapshot, f.source.where, clock(&n.asOf))
	text += fmt.Sprintf("\nprediction %s key=%v sub=%v instant=%s served=%v", p.id, plain(p.key), plain(p.sub), clock(&t), n.servedOf(f, p))
	for _, r := range f.source.rows {
		l := life{row: r}
		if l.meets(p, f.bySub, "") {
			text += fmt.Sprintf("\n  id=%v at=%s known=%s num=%v text=%v when=%v grade=%v", plain(r.id), clock(r.at), clock(r.known), plain(r.num), plain(r.text), clock(r.when), plain(r.grade))
		}
	}
	return text
}

func clock(at *int64) string {
	if at == nil {
		return "NULL"
	}
	return time.UnixMicro(*at).UTC().Format("02T15:04:05.999999")
}

func (n *night) servedOf(f *feature, p *prediction) any {
	for i := range n.features {
		if n.features[i] == f {
			return staged(p.served[i])
		}
	}
	return nil
}

// staged is a served value as it is staged: NaN is NULL.
func staged(v any) any {
	if x, ok := v.(float64); ok && math.IsNaN(x) {
		return nil
	}
	return v
}

func (n *night) checkReplayed() {
	got := n.read("int_replayed")
	predictions := n.replayed()
	if len(got) != len(predictions) {
		n.t.Errorf("%d predictions replayed, want %d", len(got), len(predictions))
	}
	for _, p := range predictions {
		record := got[p.id]
		if record == nil {
			n.t.Fatalf("prediction %s at %s is not replayed", p.id, clock(p.at))
		}
		t, _ := p.instant()
		for i, f := range n.features {
			if f.source == nil {
				continue
			}
			n.checkFeature(record, i, f, p, t)
			n.checkJoin(record, n.plan.Features[i].Join, f, p, t)
			if n.t.Failed() {
				return
			}
		}
	}
}

func (n *night) checkFeature(record map[string]any, i int, f *feature, p *prediction, t int64) {
	answer := n.replay(f, p, t)
	fail := func(column string, got, want any) {
		n.t.Errorf("%s_%d: got %v, want %v\n%s", column, i, got, want, n.show(f, p, t))
	}
	expect := func(column string, want any) {
		if got := record[fmt.Sprintf("%s_%d", column, i)]; !same(got, want) {
			fail(column, got, want)
		}
	}
	expect("r", answer.greatest)
	expect("a", answer.ambiguous())
	if f.agg != "" {
		expect("l", int64(answer.final))
		expect("n", answer.served(f, p.loggedRows[i]))
		expect("z", answer.greatest == nil || answer.greatest == 0.0 && f.class() == "num" && (f.agg == "count" || f.agg == "count_distinct"))
		expect("t", false)
		return
	}
	expect("z", answer.null())
	served := staged(p.served[i])
	hit := false
	for _, v := range answer.tied {
		hit = hit || f.agrees(served, v)
	}
	// Where nothing is tied the stage need not look.
	said := record[fmt.Sprintf("t_%d", i)].(bool)
	if got := said || f.agrees(served, record[fmt.Sprintf("r_%d", i)]); got != hit || said && !hit {
		fail("t", got, hit)
	}
}

// served is how many rows were in the window when it was served: as logged, else as known at the instant.
func (a *answer) served(f *feature, logged *int64) any {
	if f.logsRows && logged != nil {
		return *logged
	}
	return int64(a.known)
}

func (n *night) checkJoin(record map[string]any, j int, f *feature, p *prediction, t int64) {
	wantAt, wantRows := n.used(f, p, t)
	expect := func(column string, want any) {
		if got := record[fmt.Sprintf("%s_%d", column, j)]; got != want {
			n.t.Errorf("%s of join %s: got %v, want %v\n%s", column, joinName(f), got, want, n.show(f, p, t))
		}
	}
	if f.source.hasAt || f.source.hasKnown {
		expect("used", wantAt)
	}
	expect("rows", wantRows)
	if name := n.plan.Joins[j].Name; name != joinName(f) {
		n.t.Errorf("join %d is %s, want %s", j, name, joinName(f))
	}
}

// used is the `at` and number of the rows that a join used, as logged, else as replayed.
func (n *night) used(f *feature, p *prediction, t int64) (at any, rows any) {
	reach, _, used := n.join(f, p, t)
	if len(used) > 0 {
		at = used[0].happens
	}
	rows = int64(len(used))
	for i, s := range n.sources {
		if s != f.source || !n.logged(f) {
			continue
		}
		if s.logsAt {
			at = nil
			if logged := p.usedAt[i]; logged != nil && (reach == 0 || *logged >= t-reach) {
				at = *logged
			}
		}
		if s.logsRows && p.usedRows[i] != nil {
			rows = *p.usedRows[i]
		}
	}
	return at, rows
}

// logged tells whether the source's logs speak of this join: of that by its own key, or of its only one.
func (n *night) logged(f *feature) bool {
	if !f.bySub {
		return true
	}
	for _, g := range n.features {
		if g.source == f.source && !g.bySub {
			return false
		}
	}
	return true
}

// checkLookups holds int_lookup_<i> against the newest rows, whatever their age.
func (n *night) checkLookups() {
	for i, l := range n.plan.Lookups {
		got := n.read(fmt.Sprintf("int_lookup_%d", i))
		if len(l.Features) == 0 {
			continue
		}
		f := n.features[l.Features[0]]
		for _, p := range n.replayed() {
			t, _ := p.instant()
			newest := n.newest(f.source, f.bySub, f.filter, p, t)
			record := got[p.id]
			if (record != nil) != (len(newest) > 0) {
				n.t.Fatalf("lookup %d: got %v, want %d rows\n%s", i, record, len(newest), n.show(f, p, t))
			}
			if record == nil {
				continue
			}
			if rows := record["row_count"]; rows != int64(len(newest)) {
				n.t.Fatalf("lookup %d: row_count %v, want %d\n%s", i, rows, len(newest), n.show(f, p, t))
			}
			if at := record["newest_at"]; (f.source.hasAt || f.source.hasKnown) && at != newest[0].happens {
				n.t.Fatalf("lookup %d: newest_at %v, want %v\n%s", i, at, newest[0].happens, n.show(f, p, t))
			}
		}
	}
}

// checkWindows holds int_window_<feature> against the rows; no row stands for an empty window.
func (n *night) checkWindows() {
	for i, f := range n.features {
		if f.agg == "" {
			continue
		}
		got := n.read(fmt.Sprintf("int_window_%d", i))
		for _, p := range n.replayed() {
			t, _ := p.instant()
			want := n.window(f, p, t)
			record := got[p.id]
			if record == nil {
				if want.known > 0 || want.final > 0 {
					n.t.Fatalf("window %d: no row\n%s", i, n.show(f, p, t))
				}
				continue
			}
			if record["rows_known"] != int64(want.known) || record["rows_final"] != int64(want.final) || !same(record["value"], want.greatest) {
				n.t.Fatalf("window %d: got %v, want %+v\n%s", i, record, want, n.show(f, p, t))
			}
		}
	}
}
