package replay_test

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"time"
)

// What follows is the design's section 5 word by word, row by row, without a thought for speed.

// never is when a row dies that is never replaced.
const never = math.MaxInt64

// life is a row that passes the source's filter, and when serving could see it: known <= t < dead.
type life struct {
	row
	happens, known, dead int64
}

// lives gives the rows of a source as known by as-of.
func (w *world) lives(s *source) []life {
	if known, ok := w.alive[s]; ok {
		return known
	}
	var all []life
	deliveries := map[int64]bool{}
	for _, r := range s.rows {
		l := life{row: r, dead: never}
		if s.hasAt || s.hasKnown {
			at, known := r.at, r.known
			if !s.hasAt {
				at = known
			}
			if !s.hasKnown {
				known = at
			}
			if known == nil || *known > w.asOf {
				continue
			}
			deliveries[*known] = true
			if at == nil {
				continue
			}
			l.happens, l.known = *at, *known
		} else {
			l.happens, l.known = math.MinInt64, math.MinInt64
		}
		all = append(all, l)
	}
	for i := range all {
		if s.snapshot {
			for known := range deliveries {
				if known > all[i].known {
					all[i].dead = min(all[i].dead, known)
				}
			}
		}
		if !s.hasID || all[i].id == nil || !s.hasAt && !s.hasKnown {
			continue
		}
		for j := range all {
			if all[j].id != nil && *all[j].id == *all[i].id && newer(all[j], all[i], j > i) {
				all[i].dead = min(all[i].dead, all[j].known)
			}
		}
	}
	w.alive[s] = slices.DeleteFunc(all, func(l life) bool { return s.where && (l.grade == nil || *l.grade == "bad") })
	return w.alive[s]
}

// newer tells which of two versions stands: known later, of later `at`, of greater value; of two alike one.
func newer(a, b life, other bool) bool {
	switch {
	case a.known != b.known:
		return a.known > b.known
	case a.happens != b.happens:
		return a.happens > b.happens
	}
	x, y := a.value("num"), b.value("num")
	if x != y {
		return less(y, x)
	}
	return other
}

// value of a column, NaN being NULL.
func (l *life) value(column string) any {
	switch {
	case column == "num" && l.num != nil && !math.IsNaN(*l.num):
		return *l.num
	case column == "text" && l.text != nil:
		return *l.text
	case column == "when" && l.when != nil:
		return *l.when
	case column == "*":
		return true
	}
	return nil
}

// less orders values of one class, NULL before all.
func less(a, b any) bool {
	if a == nil || b == nil {
		return a == nil && b != nil
	}
	switch a := a.(type) {
	case float64:
		return a < b.(float64)
	case int64:
		return a < b.(int64)
	}
	return a.(string) < b.(string)
}

// meets tells whether a row has the prediction's key and passes the feature's filter.
func (l *life) meets(p *prediction, bySub bool, filter string) bool {
	if bySub {
		if l.sub == nil || p.sub == nil || *l.sub != *p.sub {
			return false
		}
	} else if l.key == nil || p.key == nil || *l.key != *p.key {
		return false
	}
	switch filter {
	case "grade":
		return l.grade != nil && *l.grade == "good"
	case "num":
		return l.num != nil && *l.num > 1
	}
	return true
}

// answer is what a feature should have been.
type answer struct {
	greatest any   // the stored replay
	tied     []any // values of all rows that the declaration leaves in a tie
	known    int   // rows in the window as known at the instant
	final    int   // rows in the window as known by as-of
}

func (a *answer) ambiguous() bool {
	return slices.ContainsFunc(a.tied, func(v any) bool { return v != a.tied[0] })
}

func (a *answer) null() bool { return a.greatest == nil || slices.Contains(a.tied, nil) }

func (w *world) replay(f *feature, p *prediction, t int64) answer {
	if f.agg != "" {
		return w.window(f, p, t)
	}
	newest := w.newest(f.source, f.bySub, f.filter, p, t)
	var a answer
	for _, l := range newest {
		if f.within > 0 && l.happens < t-f.within {
			continue
		}
		v := l.value(f.column)
		a.tied = append(a.tied, v)
		if less(a.greatest, v) {
			a.greatest = v
		}
	}
	return a
}

// newest gives the rows of a key at the newest `at` that serving could see at t.
func (w *world) newest(s *source, bySub bool, filter string, p *prediction, t int64) []life {
	var newest []life
	for _, l := range w.lives(s) {
		if !l.meets(p, bySub, filter) || l.known > t || l.dead <= t {
			continue
		}
		if len(newest) > 0 && l.happens > newest[0].happens {
			newest = nil
		}
		if len(newest) == 0 || l.happens == newest[0].happens {
			newest = append(newest, l)
		}
	}
	return newest
}

// window computes an aggregate over (end - length, end], where end is t, cut down to a whole unit, less the offset.
func (w *world) window(f *feature, p *prediction, t int64) answer {
	end := floor(t, f.align) - f.offset
	var a answer
	var values []any
	for _, l := range w.lives(f.source) {
		if !l.meets(p, f.bySub, f.filter) || l.happens <= end-f.length || l.happens > end {
			continue
		}
		if l.dead == never {
			a.final++
		}
		if l.known > t || l.dead <= t {
			continue
		}
		a.known++
		if v := l.value(f.column); v != nil {
			values = append(values, v)
		}
	}
	a.greatest = aggregate(f.agg, values)
	return a
}

func floor(t int64, unit string) int64 {
	at := time.UnixMicro(t).UTC()
	midnight := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	switch unit {
	case "hour":
		return midnight.Add(time.Duration(at.Hour()) * time.Hour).UnixMicro()
	case "day":
		return midnight.UnixMicro()
	case "week":
		for midnight.Weekday() != time.Monday {
			midnight = midnight.AddDate(0, 0, -1)
		}
		return midnight.UnixMicro()
	}
	return t
}

// aggregate folds values that are not NULL. Sums are of decimal numbers as they are written, so that 0.1 seven times less
// 0.7 is 0; infinite numbers have no place in them.
func aggregate(agg string, values []any) any {
	switch agg {
	case "count":
		return float64(len(values))
	case "count_distinct":
		distinct := map[any]bool{}
		for _, v := range values {
			distinct[v] = true
		}
		return float64(len(distinct))
	case "min", "max":
		var best any
		for _, v := range values {
			if best == nil || agg == "max" && less(best, v) || agg == "min" && less(v, best) {
				best = v
			}
		}
		return best
	}
	sum, n := new(big.Rat), int64(0)
	for _, v := range values {
		if x, ok := new(big.Rat).SetString(strconv.FormatFloat(v.(float64), 'g', -1, 64)); ok {
			sum.Add(sum, x)
			n++
		}
	}
	if n == 0 {
		return nil
	}
	if agg == "avg" {
		sum.Quo(sum, big.NewRat(n, 1))
	}
	exact, _ := sum.Float64()
	return exact
}

// agrees tells whether a served value is one that the declaration allows: equal, or a number within the tolerance.
func (f *feature) agrees(served, replayed any) bool {
	if served == nil || replayed == nil {
		return false
	}
	a, ok := served.(float64)
	if !ok || a == replayed.(float64) {
		return served == replayed
	}
	b := replayed.(float64)
	if math.IsInf(a, 0) || math.IsInf(b, 0) {
		return false
	}
	if f.tolerance != nil {
		return math.Abs(a-b) <= *f.tolerance
	}
	return math.Abs(a-b) <= 1e-6*max(math.Abs(a), math.Abs(b))
}

// takes tells the predictions that are replayed: known by as-of, of the days taken in, and before their outcome.
func (w *world) takes(p *prediction) bool {
	return w.reads(p) && *p.at >= w.from && (p.known == 0 || p.known > w.asOf || p.known > *p.at)
}

func (w *world) reads(p *prediction) bool {
	return !math.IsNaN(p.score) && p.at != nil && *p.at <= w.asOf && *p.at < w.end()
}

// end is the midnight after the last instant.
func (w *world) end() int64 { return floor(begin+int64(w.steps)*w.step, "day") + day }

// joined tells the features of one join.
func (w *world) joined(f *feature) []*feature {
	var all []*feature
	for _, g := range w.features {
		if g.source == f.source && g.bySub == f.bySub {
			all = append(all, g)
		}
	}
	return all
}

// join is what the join of a feature did for a prediction: how far back its features look (0: at any age), the newest
// rows under the filter that they share, and of these those within reach.
func (w *world) join(f *feature, p *prediction, t int64) (reach int64, found, used []life) {
	features := w.joined(f)
	filter, unlimited := features[0].filter, false
	for _, g := range features {
		far := g.within
		if g.agg != "" {
			far = g.length + g.offset + map[string]int64{"hour": hour, "day": day, "week": 7 * day}[g.align]
		}
		unlimited = unlimited || far == 0
		reach = max(reach, far)
		if g.filter != filter {
			filter = ""
		}
	}
	if unlimited {
		reach = 0
	}
	found = w.newest(f.source, f.bySub, filter, p, t)
	for _, l := range found {
		if reach == 0 || l.happens >= t-reach {
			used = append(used, l)
		}
	}
	return reach, found, used
}

func joinName(f *feature) string {
	if f.bySub {
		return f.source.name + "(sub)"
	}
	return f.source.name
}
