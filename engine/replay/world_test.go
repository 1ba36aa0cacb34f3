package replay_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// A world is a random history: sources, what a model was served from them, and outcomes. Keys and instants are few, so
// that ties, equal instants and window ends happen all the time. Instants are microseconds since 1970; nil is NULL.
type world struct {
	seed        uint64
	rng         *rand.Rand
	parquet     bool  // of predictions; outcomes are in the other format
	step        int64 // instants lie on a grid of this width, a few one microsecond beside it
	steps       int
	from, asOf  int64 // predictions are replayed from the day `from`; what is known after as-of is not there
	sources     []*source
	features    []*feature
	predictions []*prediction
	alive       map[*source][]life
}

// source declares a table, with the rows that were delivered of it.
type source struct {
	name                             string
	hasAt, hasKnown, hasID, snapshot bool
	where                            bool // grade <> 'bad'
	expect                           string
	fresh                            int64 // 0: not promised
	logsAt, logsRows                 bool  // predictions log the row used
	parquet                          bool
	rows                             []row
}

// row is a delivered row. A NaN in num is one in the file.
type row struct {
	key, id, grade, text *string
	sub                  *int64
	at, known, when      *int64
	num                  *float64
}

// feature declares a served value. agg "" is the newest row's; source nil is a request feature.
type feature struct {
	name           string
	source         *source
	column         string // num, text or when; "*" for count(*)
	bySub          bool   // joined by {sub: sub} instead of {key: key}
	filter         string // "", "grade" (grade = 'good') or "num" (num > 1 and not isnan(num))
	agg            string
	length, offset int64
	align          string
	within         int64
	tolerance      *float64
	standard       any            // default for all versions
	standards      map[string]any // default by version
	logsRows       bool
}

type prediction struct {
	id, version    string
	key            *string
	sub            *int64
	at, featuresAt *int64
	score          float64 // NaN: the row is set aside
	known          int64   // of its outcome; 0: there is none
	served         []any   // by feature: nil, float64, string or int64 (an instant)
	usedAt         []*int64
	usedRows       []*int64 // by source
	loggedRows     []*int64 // by feature
}

const (
	minute  = int64(time.Minute / time.Microsecond)
	hour    = 60 * minute
	day     = 24 * hour
	horizon = 3 * day
)

// begin is a Monday, midnight.
var begin = time.Date(2024, 3, 4, 0, 0, 0, 0, time.UTC).UnixMicro()

func newWorld(seed uint64) *world {
	w := &world{seed: seed, parquet: seed%2 == 0, rng: rand.New(rand.NewPCG(seed, 17)), alive: map[*source][]life{}}
	grid := []struct {
		step  int64
		steps int
	}{{30 * minute, 60}, {6 * hour, 24}, {12 * hour, 64}}[w.rng.IntN(3)]
	w.step, w.steps = grid.step, grid.steps
	end := begin + int64(w.steps)*w.step
	w.from = begin + int64(w.rng.IntN(2))*(end-begin)/2/day*day
	w.asOf = end - int64(w.rng.IntN(w.steps/4))*w.step
	for i := range 3 {
		w.sources = append(w.sources, w.newSource(fmt.Sprintf("src%d", i)))
	}
	for _, s := range w.sources {
		for range 3 {
			w.addLookup(s)
		}
		for range 4 {
			if s.hasAt {
				w.addWindow(s)
			}
		}
	}
	for _, column := range []string{"num", "text"} {
		f := &feature{name: "request_" + column, column: column}
		w.setDefault(f)
		w.features = append(w.features, f)
	}
	for i := range 250 {
		w.predictions = append(w.predictions, w.newPrediction(i))
	}
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
	at := begin + int64(w.rng.IntN(w.steps))*w.step
	if w.chance(0.1) {
		at += pick(w, int64(-1), 1)
	}
	return at
}

func (w *world) key() string { return pick(w, "a", "a", "b", "c", "d", "007", "7") }

// number collides often; some are no whole binary fraction, some large, some no numbers.
func (w *world) number() float64 {
	switch w.rng.IntN(40) {
	case 0:
		return math.NaN()
	case 1:
		return pick(w, math.Inf(1), math.Inf(-1))
	case 2:
		return 123456789.25
	case 3:
		return pick(w, 0.1, -0.7, 1e-7, 1234567.1)
	}
	return pick(w, 0.0, 1, 1, 2, 2.5, -3)
}

func (w *world) newSource(name string) *source {
	s := &source{name: name, parquet: w.chance(0.5), where: w.chance(0.5), expect: pick(w, "", "one", "optional", "many")}
	switch w.rng.IntN(10) {
	case 0: // static
	case 1:
		s.hasKnown, s.snapshot = true, w.chance(0.5)
		s.hasID = !s.snapshot && w.chance(0.5)
	case 2:
		s.hasAt, s.hasID = true, w.chance(0.5)
	case 3, 4:
		s.hasAt, s.hasKnown = true, true
	case 5, 6, 7:
		s.hasAt, s.hasKnown, s.hasID = true, true, true
	default:
		s.hasAt, s.hasKnown, s.snapshot, s.hasID = true, true, true, w.chance(0.3)
	}
	if s.hasAt {
		s.fresh = pick(w, 0, 4*w.step)
		s.logsAt = w.chance(0.2)
	}
	s.logsRows = w.chance(0.2)
	if s.snapshot {
		w.deliver(s)
		return s
	}
	for i := range 100 {
		w.version(s, w.newRow(i))
	}
	return s
}

func (w *world) newRow(i int) row {
	r := row{
		key: maybe(w, 0.04, w.key()), sub: maybe(w, 0.04, int64(w.rng.IntN(3))),
		id: maybe(w, 0.05, fmt.Sprintf("i%d", i)), at: maybe(w, 0.02, w.instant()),
	}
	w.fill(&r)
	return r
}

// fill draws what a row says.
func (w *world) fill(r *row) {
	r.num = maybe(w, 0.1, w.number())
	r.text = maybe(w, 0.1, pick(w, "x", "y", "Z", "é"))
	r.when = maybe(w, 0.1, w.instant())
	r.grade = maybe(w, 0.1, pick(w, "good", "good", "fair", "bad"))
}

// version delivers a row, mostly when it happens, else late or ahead, and with an id newer versions of it, which may
// change any of it. Versions that tie in known_at and at differ in num alone.
func (w *world) version(s *source, r row) {
	at := w.instant()
	if r.at != nil {
		at = *r.at
	}
	delay := pick[int64](w, 0, 0, 0, 1, 2, 5, -1, -3) * w.step
	r.known = maybe(w, 0.03, at+delay)
	s.rows = append(s.rows, r)
	for s.hasID && w.chance(0.4) {
		next := r
		switch w.rng.IntN(6) {
		case 0:
			if s.hasKnown { // else `at` is when it becomes known, and must grow
				next.at = maybe(w, 0.05, w.instant())
			}
		case 1:
			next.key = maybe(w, 0.05, w.key())
		case 2:
			next.grade = pick(w, new("bad"), new("good"), nil)
		case 3:
			w.fill(&next)
		case 4: // the same row once more
		}
		if next.known != nil {
			next.known = new(*next.known + w.step*int64(1+w.rng.IntN(4)))
		}
		if !s.hasKnown && next.at != nil {
			next.at = new(*next.at + w.step)
		}
		if w.chance(0.3) { // a tie of versions
			next = r
			next.num = maybe(w, 0.2, w.number())
		}
		s.rows = append(s.rows, next)
		r = next
	}
}

// deliver fills a snapshot source: each delivery holds most of the rows, some changed; one holds rows without `at` only.
func (w *world) deliver(s *source) {
	var all []row
	for i := range 40 {
		all = append(all, w.newRow(i))
	}
	seen := map[int64]bool{}
	for range 6 {
		known := w.instant()
		if seen[known] {
			continue
		}
		seen[known] = true
		blank := w.chance(0.15)
		for i := range all {
			if w.chance(0.15) {
				w.fill(&all[i])
			}
			r := all[i]
			r.known = maybe(w, 0.01, known)
			if blank {
				r.at = nil
			}
			if w.chance(0.8) {
				s.rows = append(s.rows, r)
			}
		}
	}
}

func (w *world) addLookup(s *source) {
	f := &feature{source: s, name: fmt.Sprintf("f%d", len(w.features)), column: w.column(s), bySub: w.chance(0.2), filter: w.filter()}
	if s.hasAt {
		f.within = int64(pick(w, 0, 2, 6)) * w.step
	}
	w.setDefault(f)
	if f.column == "num" {
		f.tolerance = pick(w, nil, new(0.0), new(0.5))
	}
	w.features = append(w.features, f)
}

func (w *world) addWindow(s *source) {
	f := &feature{source: s, name: fmt.Sprintf("f%d", len(w.features)), column: "num", bySub: w.chance(0.2), filter: w.filter()}
	f.agg = pick(w, "avg", "sum", "count", "min", "max", "count_distinct")
	switch f.agg {
	case "min", "max":
		f.column = w.column(s)
	case "count":
		f.column = pick(w, "*", "*", "num", "text")
	case "count_distinct":
		f.column = pick(w, "num", "text")
	}
	f.length = int64(pick(w, 1, 2, 3, 8)) * w.step
	f.offset = int64(pick(w, 0, 0, 1, 3)) * w.step
	f.align = pick(w, "", "", "hour", "day", "week")
	f.logsRows = w.chance(0.2)
	w.setDefault(f)
	w.features = append(w.features, f)
}

// column: instants are compared in Parquet sources only, where a column of them has a type.
func (w *world) column(s *source) string {
	if s.parquet {
		return pick(w, "num", "num", "text", "when")
	}
	return pick(w, "num", "num", "text")
}

func (w *world) filter() string { return pick(w, "", "", "grade", "num") }

func (w *world) setDefault(f *feature) {
	one := func() any {
		switch f.class() {
		case "num":
			return pick(w, 0.0, 1, -1)
		case "text":
			return pick(w, "x", "none")
		}
		return nil
	}
	switch w.rng.IntN(3) {
	case 0:
		f.standard = one()
	case 1:
		if f.class() != "when" {
			f.standards = map[string]any{"v1": one(), "v2": one()}
		}
	}
}

// class of the served column: num, text or when.
func (f *feature) class() string {
	if f.agg == "count" || f.agg == "count_distinct" {
		return "num"
	}
	return f.column
}

func (w *world) newPrediction(i int) *prediction {
	p := &prediction{
		id: fmt.Sprintf("p%d", i), version: pick(w, "v1", "v2", "v3"),
		key: maybe(w, 0.05, w.key()), sub: maybe(w, 0.05, int64(w.rng.IntN(4))),
		at: maybe(w, 0.01, w.instant()), featuresAt: maybe(w, 0.6, w.instant()), score: 0.5,
	}
	if w.chance(0.02) {
		p.score = math.NaN()
	}
	if p.at != nil && w.chance(0.9) {
		p.known = *p.at + pick(w, -hour, hour, hour, 2*day, horizon, horizon+1)
	}
	for range w.sources {
		p.usedAt = append(p.usedAt, maybe(w, 0.2, w.instant()))
		p.usedRows = append(p.usedRows, maybe(w, 0.2, int64(w.rng.IntN(3))))
	}
	t, ok := p.instant()
	for _, f := range w.features {
		p.loggedRows = append(p.loggedRows, maybe(w, 0.2, int64(w.rng.IntN(4))))
		if !ok || f.source == nil {
			p.served = append(p.served, w.value(f))
			continue
		}
		p.served = append(p.served, w.serve(f, p, t))
	}
	return p
}

// instant is when features are replayed.
func (p *prediction) instant() (int64, bool) {
	switch {
	case p.at == nil:
		return 0, false
	case p.featuresAt != nil:
		return *p.featuresAt, true
	}
	return *p.at, true
}

// value draws a value of a feature's class.
func (w *world) value(f *feature) any {
	if w.chance(0.1) {
		return nil
	}
	switch f.class() {
	case "num":
		return w.number()
	case "text":
		return pick(w, "x", "y", "Z", "é", "none")
	}
	return w.instant()
}

// serve draws what was served: mostly a right answer, any of those tied, else close to it, a default, or anything.
func (w *world) serve(f *feature, p *prediction, t int64) any {
	answer := w.replay(f, p, t)
	right := answer.greatest
	if len(answer.tied) > 0 {
		right = pick(w, answer.tied...)
	}
	switch w.rng.IntN(10) {
	case 0:
		return w.value(f)
	case 1:
		return f.defaultFor(p.version)
	case 2:
		if n, ok := right.(float64); ok {
			return pick(w, n+0.5, n-0.25, n*(1+1e-7), n*(1+1e-5), n+0.51)
		}
		return nil
	}
	return right
}

func (f *feature) defaultFor(version string) any {
	if f.standards != nil {
		return f.standards[version]
	}
	return f.standard
}
