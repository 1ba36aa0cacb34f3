package condition_test

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/condition"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/match"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/replay"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// story is a few days of predictions and of what became known of their outcomes, in hours since its first midnight.
type story struct {
	regression, first, snapshot, latest bool
	predictions                         []delivery
	outcomes                            []event
	asOf                                int

	deliveries []int                       // hours at which outcomes came
	values     map[string]map[int][]string // by key and hour
}

// delivery is a prediction row; ids repeat.
type delivery struct {
	id, key, version, segment string
	at, known                 int
	score, weight             float64
	x                         string // a request feature as CSV has it
}

// event is an outcome row; value "" is NULL.
type event struct {
	key, value string
	known      int
}

var midnight = time.Date(2024, 3, 4, 0, 0, 0, 0, time.UTC)

const (
	storyDays = 4
	horizon   = 20 * 24 // hours
)

func newStory(seed uint64) *story {
	r := rand.New(rand.NewPCG(seed, 5))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	s := &story{regression: seed%2 == 1, first: r.IntN(3) == 0, snapshot: r.IntN(2) == 0, latest: r.IntN(2) == 0, asOf: 24 * (storyDays + r.IntN(60))}
	for i := range 120 {
		at := r.IntN(24 * storyDays)
		d := delivery{
			id: fmt.Sprintf("p%d", i), key: fmt.Sprintf("k%d", r.IntN(80)), version: pick("v1", "v2"), segment: pick("s", "t", ""),
			at: at, known: at, score: float64(r.IntN(5)) / 4, weight: float64(1+r.IntN(4)) / 2, x: pick("1", "2", "7", ""),
		}
		s.predictions = append(s.predictions, d)
		for r.IntN(6) == 0 { // once more, in the same hour even
			d.known += r.IntN(3)
			d.weight, d.segment, d.x = float64(1+r.IntN(4))/2, pick("s", "t"), pick("1", "2")
			s.predictions = append(s.predictions, d)
		}
	}
	value := func() string {
		if s.regression {
			return pick("0", "0.25", "-3", "1.5", "1.5", "")
		}
		return pick("0", "1", "1", "")
	}
	instants := []int{1, 30, 96, 100, 120, 144, 24 * 10, 24*18 + 1, 24*25 + 7, 24 * 40, 24 * 63}
	for k := range 80 {
		for _, known := range instants {
			for r.IntN(3) > 0 && (s.snapshot || r.IntN(2) == 0) {
				s.outcomes = append(s.outcomes, event{key: fmt.Sprintf("k%d", k), value: value(), known: known})
			}
		}
	}
	s.index()
	return s
}

func hours(h int) string {
	return midnight.Add(time.Duration(h) * time.Hour).Format(time.RFC3339)
}

// write puts the story into files, the rows in any order.
func (s *story) write(t *testing.T, dir string, order uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(order, 1))
	save := func(name, head string, lines []string) {
		r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		if err := os.WriteFile(filepath.Join(dir, name), []byte(head+"\n"+strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var lines []string
	for _, d := range s.predictions {
		lines = append(lines, fmt.Sprintf("%s,%s,%s,%s,%s,%s,%g,%g,%s", d.id, d.key, d.version, d.segment, hours(d.at), hours(d.known), d.score, d.weight, d.x))
	}
	save("predictions.csv", "id,key,version,segment,at,known,score,weight,x", lines)
	lines = nil
	for _, e := range s.outcomes {
		lines = append(lines, fmt.Sprintf("%s,%s,%s,%s", e.key, e.value, hours(0), hours(e.known)))
	}
	save("outcomes.csv", "key,value,at,known", lines)
	text := "version: 1\nloop: story\ntask: binary\nloss: log_loss\n"
	if s.regression {
		text = "version: 1\nloop: story\ntask: regression\nloss: absolute_error\n"
	}
	chosen := map[bool]string{false: "first", true: "latest"}
	text += "predictions: {path: predictions.csv, id: id, at: at, known_at: known, score: score, version: version, segments: [segment], weight: weight, duplicates: " + chosen[s.latest] + "}\n"
	text += fmt.Sprintf("outcomes: {path: outcomes.csv, on: [key], value: value, at: at, known_at: known, horizon: %dh, snapshot: %t, duplicates: %s}\n", horizon, s.snapshot, chosen[!s.first])
	text += "features: {x: {default: 7}}\n"
	if err := os.WriteFile(filepath.Join(dir, "loop.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// take runs the row stages over the story and gives the connection that they ran on.
func (s *story) take(t *testing.T, order uint64, threads int) *sql.Conn {
	t.Helper()
	dir := t.TempDir()
	s.write(t, dir, order)
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.Background()
	l, err := loop.Load(filepath.Join(dir, "loop.yaml"))
	check(err)
	db, err := warehouse.Open(ctx, warehouse.Options{Threads: threads, Temp: dir})
	check(err)
	t.Cleanup(func() { _ = db.Close() })
	inventory, err := intake.Open(ctx, db, l)
	check(err)
	p, err := plan.Build(ctx, db, l, inventory)
	check(err)
	to, asOf := midnight.AddDate(0, 0, storyDays), midnight.Add(time.Duration(s.asOf)*time.Hour)
	check(match.Stage(ctx, db, p, asOf))
	_, err = match.Run(ctx, db, p, match.Span{ReadFrom: midnight.Add(-match.ReadBefore), ReadTo: to, From: midnight, To: to, Context: midnight, AsOf: asOf})
	check(err)
	check(replay.Run(ctx, db, p, replay.Span{From: midnight, To: to, AsOf: asOf}))
	deck, err := condition.NewDeck(p)
	check(err)
	check(deck.Values(ctx, db))
	check(deck.Run(ctx, db, nil))
	return db.Conn()
}

// texts gives the rows of a query, NULL as "".
func texts(t *testing.T, conn *sql.Conn, query string) [][]string {
	t.Helper()
	rows, err := conn.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for rows.Next() {
		fields, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range fields {
			into[i] = &fields[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		var record []string
		for _, f := range fields {
			record = append(record, f.String)
		}
		all = append(all, record)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// chosen gives the delivery of each id that counts, of those known by as-of.
func (s *story) chosen(conn *sql.Conn, t *testing.T) []delivery {
	// Of deliveries that tie in their instant the stages may choose any; which is read back.
	picked := map[string][]string{}
	for _, r := range texts(t, conn, `select p.prediction_id, p.weight::varchar, p.s_0, p.known_at::varchar
		from int_deliveries as d join stg_predictions as p on p.rowid = d.row_no where d.chosen`) {
		picked[r[0]] = r[1:]
	}
	var all []delivery
	seen := map[string]int{}
	for _, d := range s.predictions {
		if d.known > s.asOf {
			continue
		}
		i, again := seen[d.id]
		if !again {
			seen[d.id] = len(all)
			all = append(all, d)
			continue
		}
		if s.latest && d.known > all[i].known || !s.latest && d.known < all[i].known {
			all[i] = d
		}
	}
	for i, d := range all {
		was := picked[d.id]
		if len(was) == 0 || was[2] != midnight.Add(time.Duration(d.known)*time.Hour).Format(time.DateTime) {
			t.Fatalf("prediction %s: chose %v, want the one known at %s", d.id, was, hours(d.known))
		}
		if _, err := fmt.Sscan(was[0], &all[i].weight); err != nil {
			t.Fatal(err)
		}
		all[i].segment = was[1]
	}
	return all
}

// index sorts what as-of knows of the outcomes: the instants at which anything was delivered, and each key's values.
func (s *story) index() {
	s.values = map[string]map[int][]string{}
	for _, e := range s.outcomes {
		if e.known > s.asOf {
			continue
		}
		if !slices.Contains(s.deliveries, e.known) {
			s.deliveries = append(s.deliveries, e.known)
		}
		if s.values[e.key] == nil {
			s.values[e.key] = map[int][]string{}
		}
		if at := s.values[e.key]; e.value != "" && !slices.Contains(at[e.known], e.value) {
			at[e.known] = append(at[e.known], e.value)
		}
	}
	slices.Sort(s.deliveries)
}

// known gives the value that counts of a key at an hour, and the hour at which one first did. An instant with several
// values settles nothing; an instant of a snapshot without the key takes its value back.
func (s *story) known(key string, until int) (value *float64, first int) {
	var initial *float64
	for _, at := range s.deliveries {
		if at > until {
			break
		}
		switch values := s.values[key][at]; {
		case len(values) == 0 && s.snapshot:
			value = nil
		case len(values) == 1:
			var v float64
			fmt.Sscan(values[0], &v)
			value = &v
			if initial == nil {
				initial, first = value, at
			}
			if s.first {
				value = initial
			}
		}
	}
	return value, first
}

// sums are what a cell adds up.
type sums struct {
	rows                                                                                         int
	weight, loss, score, outcome, scoreSquared, outcomeSquared, scoreTimesOutcome, absoluteError float64
}

func (a *sums) add(d delivery, loss, v float64) {
	a.rows++
	for sum, term := range map[*float64]float64{
		&a.weight: 1, &a.loss: loss, &a.score: d.score, &a.outcome: v, &a.scoreSquared: d.score * d.score,
		&a.outcomeSquared: v * v, &a.scoreTimesOutcome: d.score * v, &a.absoluteError: math.Abs(d.score - v),
	} {
		*sum += math.Round(d.weight*term*1e9) / 1e9
	}
}

func (a sums) list() []float64 {
	return []float64{float64(a.rows), a.weight, a.loss, a.score, a.outcome, a.scoreSquared, a.outcomeSquared, a.scoreTimesOutcome, a.absoluteError}
}

func (s *story) loss(score, v float64) float64 {
	if s.regression {
		return math.Abs(score - v)
	}
	if v == 0 {
		score = 1 - score
	}
	return -math.Log(min(max(score, 1e-15), 1-1e-15))
}

// want adds up, by cell, the outcomes that are known an age after the end of each prediction's day.
func (s *story) want(chosen []delivery, fingerprints map[string]string, age int) map[string]*sums {
	cells := map[string]*sums{}
	for _, d := range chosen {
		_, first := s.known(d.key, s.asOf)
		if first == 0 || first <= d.known || first > d.at+horizon {
			continue // unknown, hindsight or late
		}
		value, _ := s.known(d.key, (d.at/24+1+age)*24)
		if value == nil {
			continue
		}
		cell := strings.Join([]string{midnight.AddDate(0, 0, d.at/24).Format(time.DateOnly), d.version, d.segment, fingerprints[d.id]}, "|")
		if cells[cell] == nil {
			cells[cell] = &sums{}
		}
		cells[cell].add(d, s.loss(d.score, *value), *value)
	}
	return cells
}

// TestCells: the cells up to an age hold what was known of the outcomes at that age: first outcomes, corrections and
// withdrawals, each at its own age.
func TestCells(t *testing.T) {
	seeds := uint64(16)
	if testing.Short() {
		seeds = 6
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			s := newStory(seed)
			conn := s.take(t, seed, 2)
			fingerprints := map[string]string{}
			for _, r := range texts(t, conn, `select p.prediction_id, f.fingerprint::varchar from int_fingerprints as f join stg_predictions as p on p.rowid = f.row_no`) {
				fingerprints[r[0]] = r[1]
			}
			chosen := s.chosen(conn, t)
			for _, age := range []int{0, 1, 2, 3, 5, 13, 14, 28, 56, 112} {
				s.checkAge(t, conn, age, s.want(chosen, fingerprints, age))
			}
		})
	}
}

func (s *story) checkAge(t *testing.T, conn *sql.Conn, age int, want map[string]*sums) {
	t.Helper()
	got := map[string]bool{}
	for _, r := range texts(t, conn, fmt.Sprintf(`select concat_ws('|', day, version, segments[1], fingerprint::varchar),
		sum("rows")::varchar, sum(weight)::varchar, sum(loss)::varchar, sum(score)::varchar, sum(outcome)::varchar, sum(score_sq)::varchar,
		sum(outcome_sq)::varchar, sum(score_outcome)::varchar, sum(abs_error)::varchar
		from out_cells where age between 0 and %d group by 1`, age)) {
		sum := want[r[0]]
		if sum == nil {
			sum = &sums{}
		}
		got[r[0]] = true
		for i, exact := range sum.list() {
			var value float64
			if _, err := fmt.Sscan(r[i+1], &value); err != nil {
				t.Fatal(err)
			}
			if math.Abs(value-exact) > 1.5e-9*float64(max(1, sum.rows)) {
				t.Fatalf("age %d, cell %s: sum %d is %v, want %v of %d rows", age, r[0], i, value, exact, sum.rows)
			}
		}
	}
	for cell := range want {
		if !got[cell] {
			t.Fatalf("age %d: no cell %s", age, cell)
		}
	}
}

// TestCellsOfAnyOrder: the sums are the same to the last digit on one thread and two, and whatever the order of rows.
func TestCellsOfAnyOrder(t *testing.T) {
	seeds := uint64(4)
	if testing.Short() {
		seeds = 2
	}
	const all = `select columns(*)::varchar from out_cells order by all`
	for seed := range seeds {
		s := newStory(seed)
		want := texts(t, s.take(t, 0, 1), all)
		if len(want) < 20 {
			t.Fatalf("seed %d: %d cells", seed, len(want))
		}
		for order := range uint64(2) {
			if got := texts(t, s.take(t, order+1, 2), all); !reflect.DeepEqual(got, want) {
				t.Fatalf("seed %d, order %d: cells differ\ngot\n%v\nwant\n%v", seed, order, got, want)
			}
		}
	}
}
