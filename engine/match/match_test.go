package match_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/match"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// result is what a run over the files of a folder left.
type result struct {
	t     *testing.T
	conn  *sql.Conn
	tally match.Tally
	held  []time.Time // days that hold a prediction
	err   error
}

func instant(us int64) time.Time { return time.UnixMicro(us).UTC() }

// run matches the predictions and outcomes of dir/loop.yaml.
func run(t *testing.T, dir string, threads int, s span) *result {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(fault.Text("", err))
		}
	}
	ctx := context.Background()
	l, err := loop.Load(filepath.Join(dir, "loop.yaml"))
	check(err)
	db, err := warehouse.Open(ctx, warehouse.Options{Threads: threads, Temp: dir})
	check(err)
	t.Cleanup(func() {
		if err := db.Close(); err != nil && !errors.Is(err, sql.ErrConnDone) {
			t.Error(err)
		}
	})
	inventory, err := intake.Open(ctx, db, l)
	check(err)
	p, err := plan.Build(ctx, db, l, inventory)
	check(err)
	r := &result{t: t, conn: db.Conn()}
	r.held, err = match.Days(ctx, db, p, instant(s.reads), instant(s.to), instant(s.asOf))
	check(err)
	check(match.Stage(ctx, db, p, instant(s.asOf)))
	r.tally, r.err = match.Run(ctx, db, p, match.Span{
		ReadFrom: instant(s.reads), ReadTo: instant(s.to), From: instant(s.from), To: instant(s.to), Context: instant(s.context), AsOf: instant(s.asOf),
	})
	return r
}

// rows gives the rows of a query, instants as microseconds.
func (r *result) rows(query string) [][]any {
	r.t.Helper()
	rows, err := r.conn.QueryContext(context.Background(), query)
	if err != nil {
		r.t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		r.t.Fatal(err)
	}
	var all [][]any
	for rows.Next() {
		record, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range record {
			into[i] = &record[i]
		}
		if err := rows.Scan(into...); err != nil {
			r.t.Fatal(err)
		}
		for i, v := range record {
			if at, ok := v.(time.Time); ok {
				record[i] = at.UnixMicro()
			}
		}
		all = append(all, record)
	}
	if err := rows.Err(); err != nil {
		r.t.Fatal(err)
	}
	return all
}

const countColumns = "predictions, invalid, superseded, hindsight, matched, pending, missing, late, repeated, corrected, duplicated, withdrawn, orphans"

// days gives the counts of each day.
func (r *result) days() map[int64]counts {
	r.t.Helper()
	all := map[int64]counts{}
	for _, row := range r.rows("select day, closed, " + countColumns + " from out_counts") {
		c := counts{closed: row[1].(bool)}
		for i, count := range c.list() {
			*count = int(row[i+2].(int64))
		}
		all[row[0].(int64)] = c
	}
	return all
}

// fates gives what became of each chosen prediction, in a line.
func (r *result) fates(keys int) map[string]string {
	r.t.Helper()
	query := "select prediction_id, predicted_at, stg_predictions.known_at, score, weight, version, state, late, outcome, first_known, outcome_level"
	for i := range keys {
		query += fmt.Sprintf(", o_%d", i)
	}
	all := map[string]string{}
	for _, row := range r.rows(query + " from int_matched join stg_predictions on stg_predictions.rowid = row_no") {
		id := row[0].(string)
		if all[id] != "" {
			r.t.Errorf("prediction %s is chosen twice", id)
		}
		all[id] = fmt.Sprint(row[1:]...)
	}
	return all
}

// worlds is how many; PLUMBLINE_WORLDS says another number.
func worlds(t *testing.T) uint64 {
	count := uint64(40)
	if testing.Short() {
		count = 8
	}
	if text := os.Getenv("PLUMBLINE_WORLDS"); text != "" {
		if _, err := fmt.Sscan(text, &count); err != nil {
			t.Fatal(err)
		}
	}
	return count
}

// TestRun holds the counts of random worlds, and what became of each prediction, against their truth.
func TestRun(t *testing.T) {
	for seed := range worlds(t) {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			w, dir := newWorld(seed), t.TempDir()
			w.write(t, dir)
			r := run(t, dir, 1+int(seed%2), w.span)
			want := w.truth()
			w.compare(r, want)
			if t.Failed() {
				t.Logf("as of %s, [%s, %s) of [%s on\n%s", instant(w.span.asOf), instant(w.span.from), instant(w.span.to), instant(w.span.context), w.yaml())
			}
		})
		if t.Failed() {
			return
		}
	}
}

func (w *world) compare(r *result, want truth) {
	r.t.Helper()
	if (r.tally.RepeatedKey != "") != (r.tally.OutcomesRepeated > 0) {
		r.t.Errorf("repeated key %q of %d", r.tally.RepeatedKey, r.tally.OutcomesRepeated)
	}
	r.tally.RepeatedKey = "" // one of them; golden cases say which
	if r.tally != want.tally {
		r.t.Errorf("tally\ngot  %+v\nwant %+v", r.tally, want.tally)
	}
	if fmt.Sprint(r.held) != fmt.Sprint(w.held()) {
		r.t.Errorf("days\ngot  %s\nwant %s", r.held, w.held())
	}
	faults, refused := fault.All(r.err), w.refused(want.tally)
	if len(faults) != len(refused) || r.err != nil && len(faults) == 0 {
		r.t.Errorf("got %v, want faults %q", r.err, refused)
		return
	}
	for i, f := range faults {
		if !strings.Contains(f.Error(), refused[i]) || f.Usage || f.Fix == "" {
			r.t.Errorf("got %v [%s], want %q", f, f.Fix, refused[i])
		}
	}
	if len(faults) > 0 {
		return
	}
	got := r.days()
	for at, c := range want.days {
		c.closed = at+day <= w.span.asOf
		if got[at] != *c {
			r.t.Errorf("%s\ngot  %s\nwant %s", instant(at).Format(time.DateOnly), got[at], c)
		}
		if parts := c.invalid + c.superseded + c.hindsight + c.matched + c.pending + c.missing; c.predictions != parts {
			r.t.Errorf("%s: %d predictions, %d in the parts", instant(at).Format(time.DateOnly), c.predictions, parts)
		}
	}
	if len(got) != len(want.days) {
		r.t.Errorf("%d days, want %d", len(got), len(want.days))
	}
	fates := r.fates(len(w.keys))
	for id, f := range want.fates {
		if text := w.fate(f); fates[id] != text {
			r.t.Errorf("prediction %s\ngot  %s\nwant %s\n%s", id, fates[id], text, w.story(id, f.key))
		}
	}
	if len(fates) != len(want.fates) {
		r.t.Errorf("%d predictions chosen, want %d", len(fates), len(want.fates))
	}
}

// fate is a line as result.fates gives it.
func (w *world) fate(f fate) string {
	version, weight := any(""), 1.0
	if f.version != nil {
		version = *f.version
	}
	if w.weighs {
		weight = *f.weight
	}
	values := []any{*f.at, *w.written(f.delivery), *f.score, weight, version, f.state, f.late, plain(f.outcome), plain(f.first), f.level}
	return fmt.Sprint(append(values, f.key...)...)
}

// story shows the rows that a prediction's fate hangs on.
func (w *world) story(id string, key []any) string {
	var b strings.Builder
	at := func(us *int64) string {
		if us == nil {
			return "NULL"
		}
		return instant(*us).Format("02T15:04:05.999999")
	}
	for _, d := range w.predictions {
		if d.id != nil && *d.id == id {
			fmt.Fprintf(&b, "  delivery at %s known %s score %v weight %v version %v key %v\n", at(d.at), at(d.known), plain(d.score), plain(d.weight), plain(d.version), d.key)
		}
	}
	for _, r := range w.outcomes {
		if fmt.Sprint(r.key) == fmt.Sprint(key) {
			fmt.Fprintf(&b, "  outcome at %s known %s value %v\n", at(r.at), at(r.known), plain(r.value))
		}
	}
	return b.String()
}
