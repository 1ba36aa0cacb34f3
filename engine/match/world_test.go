package match_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// A world is a random log of predictions and of what became known of their outcomes. Keys and instants are few, so that
// ties, equal instants and ends of horizons happen all the time. Instants are microseconds since 1970; nil is NULL.
type world struct {
	seed uint64
	rng  *rand.Rand

	csv, regression    bool
	keys               []column // of both files
	renamed            bool     // the outcome file names its key columns otherwise
	knows, weighs      bool     // predictions declare known_at, weight
	tells              bool     // outcomes declare known_at
	derive             bool     // the outcome is an expression
	nan                bool     // numbers out of range are NaN, which the statistics of Parquet files leave out
	snapshot           bool
	choice, settlement string // duplicates of predictions and of outcomes
	maxInvalid         float64
	horizon            int64
	span               span

	predictions []delivery
	outcomes    []report
}

// span is the bounds of a run: reads <= context <= from < to.
type span struct{ reads, context, from, to, asOf int64 }

type column struct{ name, kind string } // kind: text, num, int or when

// delivery is a prediction row.
type delivery struct {
	id            *string
	at, known     *int64
	score, weight *float64
	version       *string
	key           []any
}

// report is an outcome row.
type report struct {
	key       []any
	at, known *int64
	value     *float64
}

const (
	hour = int64(time.Hour / time.Microsecond)
	day  = 24 * hour
	step = 6 * hour // most instants lie on this grid, a few one microsecond beside it
	days = 9
)

// begin is a midnight.
var begin = time.Date(2024, 3, 4, 0, 0, 0, 0, time.UTC).UnixMicro()

func newWorld(seed uint64) *world {
	w := &world{seed: seed, rng: rand.New(rand.NewPCG(seed, 23))}
	w.csv, w.regression = w.chance(0.3), w.chance(0.3)
	w.keys = []column{{"k_text", "text"}, {"k_int", "int"}, {"k_when", "when"}}
	w.rng.Shuffle(len(w.keys), func(i, j int) { w.keys[i], w.keys[j] = w.keys[j], w.keys[i] })
	w.keys = w.keys[:1+w.rng.IntN(3)]
	w.renamed = w.chance(0.5)
	w.knows, w.weighs = w.chance(0.7), w.chance(0.5)
	w.tells = w.chance(0.8)
	w.nan = w.chance(0.4)
	w.derive = !w.regression && w.chance(0.3)
	w.choice = pick(w, "first", "first", "first", "latest", "latest", "latest", "reject")
	w.settlement = pick(w, "latest", "latest", "latest", "first", "first", "first", "reject")
	w.maxInvalid = pick(w, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.05, 0)
	w.horizon = pick[int64](w, 1, 4, 8, 12, 20) * step
	w.snapshot = w.tells && w.chance(0.4) && w.settlement != "reject" // which do not go together
	cuts := []int64{int64(w.rng.IntN(3)), int64(w.rng.IntN(3)), int64(w.rng.IntN(4))}
	slices.Sort(cuts)
	w.span.reads, w.span.context, w.span.from = begin+cuts[0]*day, begin+cuts[1]*day, begin+cuts[2]*day
	w.span.to = w.span.from + int64(1+w.rng.IntN(5))*day
	w.span.asOf = begin + pick[int64](w, 4, 5, 6, 7, 8, 9, 12, 20)*day - pick[int64](w, 0, 0, 1, 2)*step + pick[int64](w, 0, 0, 0, 1, -1)
	w.predict()
	w.happen()
	return w
}

func (w *world) chance(p float64) bool { return w.rng.Float64() < p }

func pick[T any](w *world, of ...T) T { return of[w.rng.IntN(len(of))] }

// maybe gives a pointer to v, and NULL with chance p.
func maybe[T any](w *world, p float64, v T) *T {
	if w.chance(p) {
		return nil
	}
	return &v
}

func (w *world) instant() int64 {
	at := begin + int64(w.rng.IntN(int(days*day/step)))*step
	if w.chance(0.1) {
		at += pick(w, int64(-1), 1)
	}
	return at
}

// key draws one of about 40 keys, whatever the number of columns. Those of no prediction are drawn with shift.
func (w *world) key(shift int) []any {
	n := w.rng.IntN(40) + shift
	var parts []any
	for i, c := range w.keys {
		part := n
		if i < len(w.keys)-1 { // leading columns repeat
			part, n = n%4, n/4
		}
		switch {
		case w.chance(0.01):
			parts = append(parts, nil)
		case c.kind == "text":
			parts = append(parts, fmt.Sprintf("k%d", part))
		case c.kind == "int":
			parts = append(parts, int64(part))
		default:
			parts = append(parts, begin+int64(part)*hour)
		}
	}
	return parts
}

// predict draws predictions, most of them delivered once.
func (w *world) predict() {
	again := 0.35
	if w.choice == "reject" && w.chance(0.8) {
		again = 0
	}
	for i := range 90 {
		d := delivery{id: new(fmt.Sprintf("p%02d", i)), at: new(min(w.instant(), w.instant())), score: new(w.score()), weight: new(1.0), key: w.key(0)}
		d.version = maybe(w, 0.1, pick(w, "v1", "v2"))
		d.known = new(*d.at + pick[int64](w, 0, 0, 0, 1, 4, -1)*step)
		w.predictions = append(w.predictions, w.spoil(d))
		for w.chance(again) {
			d = w.repeat(d)
			w.predictions = append(w.predictions, w.spoil(d))
		}
	}
}

func (w *world) score() float64 { return pick(w, 0, 0.25, 0.5, 1.0) }

// repeat delivers a prediction once more: as it was, at the same instant but saying other things, or later or earlier,
// on another day even.
func (w *world) repeat(d delivery) delivery {
	switch w.rng.IntN(5) {
	case 0:
		return d
	case 1:
		d.score, d.version = new(w.score()), maybe(w, 0.1, pick(w, "v1", "v2", "v3"))
	case 2:
		d.key = w.key(0)
	case 3:
		d.at = new(w.instant())
	case 4:
		d.weight = new(pick(w, 0.5, 2.0))
	}
	d.known = new(*d.known + pick[int64](w, 0, 0, 1, 3, -1)*step)
	return d
}

// spoil makes a bad row of a few.
func (w *world) spoil(d delivery) delivery {
	if !w.chance(0.06) {
		return d
	}
	switch w.rng.IntN(6) {
	case 0:
		d.id = nil
	case 1:
		d.at = nil
	case 2:
		d.known = nil
	case 3:
		d.weight = w.bad(-1, 1e12)
	default:
		d.score = w.bad(-1e12, 1.5, -1e-9)
	}
	return d
}

// bad draws a number that is none, or one of those given. In CSV none is infinite: a column that begins so would be text.
func (w *world) bad(of ...float64) *float64 {
	if w.nan {
		return new(math.NaN())
	}
	if !w.csv {
		of = append(of, math.Inf(1), math.Inf(-1))
	}
	return maybe(w, 0.2, pick(w, append(of, math.NaN())...))
}

func (w *world) value() float64 {
	if w.regression {
		return pick(w, 0, 0.25, -3, 1.5)
	}
	return pick(w, 0.0, 1)
}

// happen draws what became known: about some keys nothing, about some more than one thing.
func (w *world) happen() {
	var deliveries []int64
	for range 5 {
		deliveries = append(deliveries, w.instant()+2*day)
	}
	if w.snapshot && w.chance(0.3) { // a delivery of bad rows alone
		r := report{key: w.key(0), known: new(w.instant() + 2*day), value: new(1.0)}
		w.outcomes = append(w.outcomes, r, r)
	}
	once := w.settlement == "reject" && w.chance(0.7)
	seen := map[string]bool{}
	for i := range 80 {
		key := w.key(0)
		if i%8 == 0 {
			key = w.key(1000)
		}
		if name, _ := whole(key); once && seen[name] {
			continue
		} else {
			seen[name] = true
		}
		value, at := w.value(), max(w.instant(), w.instant())
		if w.snapshot {
			for _, known := range deliveries {
				if w.chance(0.7) {
					value = w.tell(key, at, known, value)
				}
			}
			continue
		}
		known := at + pick[int64](w, 0, 0, 1, 3, 8)*step
		value = w.tell(key, at, known, value)
		for w.settlement != "reject" && w.chance(0.5) || w.chance(0.02) {
			known += pick[int64](w, 0, 1, 1, 2, 5) * step
			value = w.tell(key, at+pick[int64](w, 0, 0, 0, 4, -4)*step, known, value)
		}
	}
}

// tell delivers rows of a key at one instant: mostly one that says what was said before, else another value, both, or
// NULL. It gives the value that is said from then on.
func (w *world) tell(key []any, at, known int64, value float64) float64 {
	if !w.tells {
		at = known
	}
	say := func(v *float64) {
		w.outcomes = append(w.outcomes, w.mar(report{key: key, at: new(at), known: new(known), value: v}))
	}
	plain := w.settlement == "reject" && !w.chance(0.02)
	switch n := w.rng.IntN(10); {
	case n == 0:
		say(nil)
	case n == 1 && !plain:
		say(new(value))
		say(new(w.value()))
		value = w.value()
	case n == 2 && !plain:
		say(new(value))
		say(pick(w, nil, new(value)))
	case n < 6:
		value = w.value()
		say(new(value))
	default:
		say(new(value))
	}
	return value
}

// mar makes a bad row of a few.
func (w *world) mar(r report) report {
	if !w.chance(0.03) {
		return r
	}
	switch w.rng.IntN(4) {
	case 0:
		r.at = nil
	case 1:
		r.known = nil
	case 2:
		r.key = slices.Clone(r.key)
		r.key[w.rng.IntN(len(r.key))] = nil
	default:
		if !w.derive {
			r.value = w.bad(2, 1e12)
		}
	}
	return r
}
