package match_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/plumbline-data/plumbline/engine/match"
)

// What follows is the design's section 7 word by word, row by row, without a thought for speed.

// counts are those of a day.
type counts struct {
	predictions, invalid, superseded, hindsight, matched, pending, missing, late int
	repeated, corrected, duplicated, withdrawn, orphans                          int
	closed                                                                       bool
}

// list gives the counts in the order of their names.
func (c *counts) list() []*int {
	return []*int{&c.predictions, &c.invalid, &c.superseded, &c.hindsight, &c.matched, &c.pending, &c.missing, &c.late,
		&c.repeated, &c.corrected, &c.duplicated, &c.withdrawn, &c.orphans}
}

// String names the counts that are not 0.
func (c counts) String() string {
	var parts []string
	for i, name := range strings.Split(countColumns, ", ") {
		if n := *c.list()[i]; n != 0 {
			parts = append(parts, fmt.Sprintf("%s %d", name, n))
		}
	}
	return strings.Join(parts, ", ")
}

// fate is what became of a chosen prediction.
type fate struct {
	delivery
	state, level string
	late         bool
	first        *int64 // when its outcome was first known
	outcome      *float64
}

// truth is what a run must find.
type truth struct {
	days  map[int64]*counts // by midnight
	fates map[string]fate   // by id, of the chosen deliveries of all days that are read
	tally match.Tally
}

// whole gives a key as a text, and whether no part of it is NULL: only then it is one.
func whole(key []any) (string, bool) {
	return fmt.Sprint(key), !slices.Contains(key, nil)
}

func midnight(at int64) int64 { return at - ((at-begin)%day+day)%day }

func (s span) reading(at int64) bool { return at >= s.reads && at < s.to }
func (s span) judging(at int64) bool { return at >= s.from && at < s.to }

// written is when a prediction row became known.
func (w *world) written(d delivery) *int64 {
	if w.knows {
		return d.known
	}
	return d.at
}

// there tells whether a row is known by as-of; one that does not say is there.
func (w *world) there(known *int64) bool { return known == nil || *known <= w.span.asOf }

// sound tells whether a prediction row can be scored.
func (w *world) sound(d delivery) bool {
	usable := func(v *float64, low, high float64) bool {
		return v != nil && !math.IsNaN(*v) && *v >= low && *v <= high
	}
	const huge = 1e12 // excluded
	score := usable(d.score, 0, 1)
	if w.regression {
		score = usable(d.score, -math.Nextafter(huge, 0), math.Nextafter(huge, 0))
	}
	return d.id != nil && w.written(d) != nil && score && (!w.weighs || usable(d.weight, 0, math.Nextafter(huge, 0)))
}

// held lists the days with a prediction row, whenever it became known.
func (w *world) held() []time.Time {
	var all []time.Time
	for at := w.span.reads; at < w.span.to; at += day {
		if slices.ContainsFunc(w.predictions, func(d delivery) bool {
			return d.at != nil && midnight(*d.at) == at && (!w.knows || d.known == nil || *d.known <= w.span.asOf)
		}) {
			all = append(all, instant(at))
		}
	}
	return all
}

// before tells which of two deliveries of an id is chosen: the first or latest to become known, of a tie that of the
// first or latest instant, else by what they say.
func (w *world) before(a, b delivery) int {
	order := cmp.Or(cmp.Compare(*w.written(a), *w.written(b)), cmp.Compare(*a.at, *b.at))
	if w.choice == "latest" {
		order = -order
	}
	text := func(v *string) string {
		if v == nil {
			return ""
		}
		return *v
	}
	order = cmp.Or(order, cmp.Compare(*a.score, *b.score), cmp.Compare(text(a.version), text(b.version)))
	if w.weighs {
		order = cmp.Or(order, cmp.Compare(*a.weight, *b.weight))
	}
	for i := range a.key {
		order = cmp.Or(order, beforePart(a.key[i], b.key[i]))
	}
	return order
}

// beforePart orders parts of keys, NULL last.
func beforePart(a, b any) int {
	switch {
	case a == nil || b == nil:
		return cmp.Compare(fmt.Sprint(a == nil), fmt.Sprint(b == nil))
	default:
		if text, ok := a.(string); ok {
			return cmp.Compare(text, b.(string))
		}
		return cmp.Compare(a.(int64), b.(int64))
	}
}

// chosen gives the index of the delivery of each id that counts, and how many there are to choose from.
func (w *world) chosen() (best map[string]int, of map[string]int) {
	best, of = map[string]int{}, map[string]int{}
	for i, d := range w.predictions {
		if d.at == nil || !w.sound(d) || !w.there(w.written(d)) {
			continue
		}
		of[*d.id]++
		if j, ok := best[*d.id]; !ok || w.before(d, w.predictions[j]) < 0 {
			best[*d.id] = i
		}
	}
	return best, of
}

// history is what became known of an outcome key by as-of.
type history struct {
	day                              int64    // of its event, as its first row gave it
	first                            *int64   // when a value first counted
	initial, value                   *float64 // the first that counted, and the one that counts
	said                             *float64 // by the newest row that settled it
	repeated                         int
	corrected, duplicated, withdrawn bool
}

// usable tells whether an outcome row can be used, and when it became known.
func (w *world) usable(r report) (known *int64, ok bool) {
	known = r.known
	if !w.tells {
		known = r.at
	}
	_, ok = whole(r.key)
	ok = ok && r.at != nil && known != nil
	if v := r.value; v != nil {
		ok = ok && !math.IsNaN(*v) && math.Abs(*v) < 1e12 && (w.regression || *v == 0 || *v == 1)
	}
	return known, ok
}

// histories replays the outcome rows of every key that was ever told a value, instant by instant.
func (w *world) histories() map[string]*history {
	var instants []int64
	told := map[string]map[int64][]report{} // rows with a value, by key and instant
	for _, r := range w.outcomes {
		known, ok := w.usable(r)
		if known == nil || !w.there(known) {
			continue
		}
		instants = append(instants, *known) // a delivery of bad rows alone is one too
		if ok && r.value != nil {
			key, _ := whole(r.key)
			if told[key] == nil {
				told[key] = map[int64][]report{}
			}
			told[key][*known] = append(told[key][*known], r)
		}
	}
	slices.Sort(instants)
	all := map[string]*history{}
	for key, rows := range told {
		h := &history{day: math.MinInt64}
		for _, at := range slices.Compact(slices.Clone(instants)) {
			w.hear(h, at, rows[at])
		}
		all[key] = h
	}
	return all
}

// hear takes in the rows of a key at one instant. Where they contradict each other they are set aside, not the key: what
// counted before them goes on counting, and where nothing did there is nothing that a later snapshot could withdraw. A
// key that a snapshot delivers with NULL alone, or in bad rows, is absent from it.
func (w *world) hear(h *history, at int64, rows []report) {
	if len(rows) == 0 {
		if w.snapshot && h.value != nil {
			h.value, h.withdrawn = nil, true
		}
		return
	}
	if h.day == math.MinInt64 {
		h.day = midnight(*slices.MinFunc(rows, func(a, b report) int { return cmp.Compare(*a.at, *b.at) }).at)
	}
	v := *rows[0].value
	if slices.ContainsFunc(rows, func(r report) bool { return *r.value != v }) {
		h.duplicated = true
		return
	}
	h.repeated += len(rows) - 1
	if h.said != nil && *h.said == v && h.value != nil {
		h.repeated++
	}
	h.corrected = h.corrected || h.said != nil && *h.said != v
	if h.first == nil {
		h.first, h.initial = new(at), new(v)
	}
	h.value, h.said = new(v), new(v)
	if w.settlement == "first" {
		h.value = h.initial
	}
}

// judge tells what became of a chosen prediction.
func (w *world) judge(d delivery, h *history) fate {
	f := fate{delivery: d, state: "missing", level: "none"}
	until := *d.at + w.horizon
	if until > w.span.asOf {
		f.state = "pending"
	}
	if h == nil {
		return f
	}
	f.first = h.first
	came := h.first != nil
	switch {
	case came && *w.written(d) >= *h.first:
		f.state = "hindsight"
	case came && *h.first > until:
		f.late = true
	case came && h.value != nil:
		f.state, f.outcome = "matched", h.value
	}
	switch {
	case f.late:
		f.level = "late"
	case h.duplicated:
		f.level = "duplicated"
	case h.corrected:
		f.level = "corrected"
	case came && f.state != "hindsight":
		f.level = "one"
	}
	return f
}

// truth counts.
func (w *world) truth() truth {
	t := truth{days: map[int64]*counts{}, fates: map[string]fate{}}
	for at := w.span.context; at < w.span.to; at += day {
		t.days[at] = &counts{}
	}
	histories := w.histories()
	w.deliveries(&t, histories)
	predicted := map[string]bool{}
	for _, d := range w.predictions {
		if known := w.written(d); d.at != nil && known != nil && w.there(known) {
			key, _ := whole(d.key)
			predicted[key] = true
		}
	}
	for key, h := range histories {
		c := t.days[h.day]
		if c == nil {
			continue
		}
		c.repeated += h.repeated
		for count, on := range map[*int]bool{&c.corrected: h.corrected, &c.duplicated: h.duplicated, &c.withdrawn: h.withdrawn, &c.orphans: !predicted[key]} {
			if on {
				*count++
			}
		}
	}
	rows := map[string]int{}
	for _, r := range w.outcomes {
		known, ok := w.usable(r)
		if !w.there(known) {
			continue
		}
		t.tally.Outcomes++
		if !ok {
			t.tally.OutcomesInvalid++
		} else if key, _ := whole(r.key); r.value != nil {
			if rows[key]++; rows[key] == 2 {
				t.tally.OutcomesRepeated++
			}
		}
	}
	return t
}

// deliveries counts the prediction rows.
func (w *world) deliveries(t *truth, histories map[string]*history) {
	best, of := w.chosen()
	for i, d := range w.predictions {
		switch {
		case !w.there(w.written(d)):
			continue
		case d.at == nil:
			t.tally.Undated++
			continue
		case !w.span.reading(*d.at):
			continue
		}
		c := t.days[midnight(*d.at)]
		if c == nil {
			c = &counts{} // read, not counted
		}
		c.predictions++
		judged := w.span.judging(*d.at)
		if judged {
			t.tally.Predictions++
		}
		switch {
		case !w.sound(d):
			c.invalid++
			if judged {
				t.tally.Invalid++
			}
		case best[*d.id] != i:
			c.superseded++
			if judged {
				t.tally.Superseded++
			}
		default:
			key, _ := whole(d.key)
			f := w.judge(d, histories[key])
			t.fates[*d.id] = f
			c.add(f)
		}
		if judged && w.sound(d) && of[*d.id] > 1 && (t.tally.RepeatedID == "" || *d.id < t.tally.RepeatedID) {
			t.tally.RepeatedID = *d.id
		}
	}
}

func (c *counts) add(f fate) {
	switch f.state {
	case "hindsight":
		c.hindsight++
	case "matched":
		c.matched++
	case "pending":
		c.pending++
	case "missing":
		c.missing++
	}
	if f.late {
		c.late++
	}
}

// refused says, of each fault that a run must find, the words that it must hold.
func (w *world) refused(t match.Tally) []string {
	var all []string
	over := func(part, whole int64) bool { return whole > 0 && float64(part)/float64(whole) > w.maxInvalid }
	if bad, of := t.Invalid+t.Undated, t.Predictions+t.Undated; over(bad, of) {
		all = append(all, fmt.Sprintf("%d of %d prediction rows cannot be scored (%d without an instant;", bad, of, t.Undated))
	}
	if over(t.OutcomesInvalid, t.Outcomes) {
		all = append(all, fmt.Sprintf("%d of %d outcome rows cannot be used", t.OutcomesInvalid, t.Outcomes))
	}
	if w.choice == "reject" && t.Superseded > 0 {
		all = append(all, fmt.Sprintf("%d repeated deliveries, of id %q among others", t.Superseded, t.RepeatedID))
	}
	if w.settlement == "reject" && t.OutcomesRepeated > 0 {
		all = append(all, fmt.Sprintf("%d outcome keys have more than one row", t.OutcomesRepeated))
	}
	return all
}
