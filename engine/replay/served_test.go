package replay_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline-data/plumbline/engine/cause"
)

// What follows is what the fields of cause.Hypothesis say, row by row: which rows serving saw, when, and what it made of them.

// found is what a reading of a source gives at an instant.
type found struct {
	value        any
	rows, values int
	total        any // of windows: nil where nothing was added
}

// serves gives what a hypothesis would have served, before the default is put for null; several where an instant does not
// exist or exists twice on the clock of a zone.
func (c *tries) serves(h *cause.Hypothesis, s *suspect) []any {
	var all []any
	for _, at := range instants(&h.Instant, s.t) {
		all = append(all, c.make(h, s, c.found(h, s, at)))
	}
	return all
}

// instants is when a source is read.
func instants(i *cause.Instant, t int64) []int64 {
	switch i.Clock {
	case cause.Shifted:
		return []int64{t + i.By.Microseconds()}
	case cause.Frozen:
		return []int64{min(t, i.At.UnixMicro())}
	case cause.Refreshed:
		start := time.UnixMicro(t).UTC().Add(-i.Phase).Truncate(i.Period).Add(i.Phase)
		return []int64{start.UnixMicro()}
	}
	zone, err := time.LoadLocation(i.Zone)
	if err != nil {
		panic(err)
	}
	if i.Clock == cause.Local {
		return []int64{clockIn(zone, t)}
	}
	var all []int64
	for _, near := range []int64{-30 * hour, 30 * hour} { // the offset before a change, and after
		_, off := time.UnixMicro(t + near).In(zone).Zone()
		all = append(all, t-int64(off)*1e6)
	}
	if all[0] == all[1] || clockIn(zone, all[0]) == t && clockIn(zone, all[1]) != t {
		return all[:1]
	}
	if clockIn(zone, all[1]) == t && clockIn(zone, all[0]) != t {
		return all[1:]
	}
	return all
}

// clockIn is what a clock in a zone shows at an instant, read as UTC.
func clockIn(zone *time.Location, t int64) int64 {
	_, off := time.UnixMicro(t).In(zone).Zone()
	return t + int64(off)*1e6
}

// columnOf is a column of a row as a trial sees it.
func (c *tries) columnOf(l *life, number int) any {
	name := c.f.column
	if number > 0 {
		name = c.s.Cause.Columns[number]
	}
	return l.column(name)
}

func (l *life) column(name string) any {
	switch {
	case name == "key" && l.key != nil:
		return *l.key
	case name == "id" && l.id != nil:
		return *l.id
	case name == "grade" && l.grade != nil:
		return *l.grade
	case name == "sub" && l.sub != nil:
		return float64(*l.sub)
	}
	return l.value(name)
}

// alikeKey writes a key as both sides of a join may.
func alikeKey(how, key string) string {
	lower := strings.ToLower(key)
	switch trimmed := strings.Trim(lower, " "); how {
	case "lower":
		return lower
	case "trim":
		return trimmed
	case "zeros":
		return strings.TrimLeft(trimmed, "0")
	case "number":
		if x, err := strconv.ParseFloat(trimmed, 64); err == nil {
			return strconv.FormatFloat(x, 'g', -1, 64)
		}
		return trimmed
	}
	return key
}

// seen gives the rows of a reading that have the suspect's key and are not missing from it, as it sees them.
func (c *tries) seen(r *cause.Reading, s *suspect) []life {
	var all []life
	for _, l := range c.every(r) {
		if c.f.bySub {
			if l.sub == nil || s.p.sub == nil || *l.sub != *s.p.sub {
				continue
			}
		} else if l.key == nil || s.p.key == nil || alikeKey(r.Normalise, *l.key) != alikeKey(r.Normalise, *s.p.key) {
			continue
		}
		if !c.passes(&l, r.Filter) || r.Skips && c.columnOf(&l, r.Value) == nil {
			continue
		}
		if r.Zone != "" {
			zone, err := time.LoadLocation(r.Zone)
			if err != nil {
				panic(err)
			}
			l.happens = clockIn(zone, l.happens)
		}
		if c.f.source.hasAt || c.f.source.hasKnown {
			l.happens += r.Shift.Microseconds()
		}
		if r.Passed {
			l.known = max(l.known, l.happens)
		}
		all = append(all, l)
	}
	return all
}

// every gives the rows of the source, filtered or not, with the lives that a reading gives them.
func (c *tries) every(r *cause.Reading) []life {
	if c.all == nil {
		unfiltered := *c.f.source
		unfiltered.where = false
		c.all = c.lives(&unfiltered)
	}
	var all []life
	for _, l := range c.all {
		switch {
		case r.Final:
			if l.dead != never {
				continue
			}
			l.known = l.happens
		case r.All:
			l.dead = never
		}
		limit := int64(never)
		if r.Late > 0 {
			limit = l.happens + r.Late.Microseconds()
		}
		if r.Deadline > 0 {
			limit = floor(l.happens, "day") + day + r.Deadline.Microseconds()
		}
		if l.known > limit {
			continue
		}
		if l.dead > limit { // what replaced it is missing
			l.dead = never
		}
		all = append(all, l)
	}
	return all
}

// passes tells whether a row passes a filter of the feature's readings.
func (c *tries) passes(l *life, filter int) bool {
	f := c.s.Filters[filter]
	if f.Passes && c.f.source.where && (l.grade == nil || *l.grade == "bad") {
		return false
	}
	if f.Own {
		switch c.f.filter {
		case "grade":
			if l.grade == nil || *l.grade != "good" {
				return false
			}
		case "num":
			if l.num == nil || !(*l.num > 1) {
				return false
			}
		}
	}
	if f.Column == "" {
		return true
	}
	if x, ok := l.column(f.Column).(float64); f.Sign != "" {
		return ok && map[string]bool{">": x > f.Limit, ">=": x >= f.Limit, "<": x < f.Limit, "<=": x <= f.Limit}[f.Sign]
	}
	is := false
	switch v := l.column(f.Column).(type) {
	case string:
		is = v == f.Word
	case float64:
		x, err := strconv.ParseFloat(f.Word, 64)
		is = err == nil && x == v
	}
	return is != f.Not
}

// found reads the source at an instant.
func (c *tries) found(h *cause.Hypothesis, s *suspect, at int64) found {
	if agg, _, other := strings.Cut(h.Key, " for "); other && slices.Contains(c.s.Cause.Others, agg) {
		g := *c.f
		if agg == "distinct values" {
			return found{value: c.distinct(s)}
		}
		switch g.agg = agg; agg {
		case "newest":
			g.agg, g.within = "", g.length
		case "newest of any age":
			g.agg, g.within = "", 0
		}
		v := c.replay(&g, s.p, s.t).greatest
		return found{value: v}
	}
	r := &h.Reading
	if c.f.agg != "" {
		return c.inside(r, s, at)
	}
	var newest []life
	for _, l := range c.seen(r, s) {
		if l.known > at || l.dead <= at {
			continue
		}
		if len(newest) > 0 && l.happens > newest[0].happens {
			newest = nil
		}
		if len(newest) == 0 || l.happens == newest[0].happens {
			newest = append(newest, l)
		}
	}
	asked := at
	if h.Instant.Aged {
		asked = s.t
	}
	var one found
	for _, l := range newest {
		if r.Within > 0 && l.happens < asked-r.Within.Microseconds() {
			continue
		}
		if v := c.columnOf(&l, r.Value); less(one.value, v) {
			one.value = v
		}
	}
	return one
}

// distinct is a sum or a mean of each value once.
func (c *tries) distinct(s *suspect) any {
	end := floor(s.t, c.f.align) - c.f.offset
	once := map[float64]bool{}
	var values []any
	for _, l := range c.lives(c.f.source) {
		v, ok := l.value(c.f.column).(float64)
		if !l.meets(s.p, c.f.bySub, c.f.filter) || l.happens <= end-c.f.length || l.happens > end || l.known > s.t || l.dead <= s.t || !ok || math.IsInf(v, 0) || once[v] {
			continue
		}
		once[v] = true
		values = append(values, v)
	}
	return aggregate(c.f.agg, values)
}

// inside reads a window that ends at an instant.
func (c *tries) inside(r *cause.Reading, s *suspect, at int64) found {
	end := floor(at, r.Align)
	from := end - r.Length.Microseconds()
	closed := r.Closes > 0 // the older end belongs to it
	if r.ToDate != "" {
		unit := map[string]time.Duration{"hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour}[r.ToDate]
		from, closed = floor(at, r.ToDate)-(r.Length-unit).Microseconds(), true
	}
	var one found
	var values, finite []any
	for _, l := range c.seen(r, s) {
		x := l.happens + r.Offset.Microseconds()
		if x < from || x == from && !closed || x > end || x == end && r.Opens > 0 || l.known > at || l.dead <= at {
			continue
		}
		one.rows++
		v := c.columnOf(&l, r.Value)
		if c.f.column == "*" {
			v = true
		}
		if v != nil {
			values = append(values, v)
		}
		if y, ok := v.(float64); v != nil && !(ok && math.IsInf(y, 0)) {
			finite = append(finite, v)
		}
	}
	switch c.f.agg {
	case "sum", "avg":
		values = finite
		one.total = aggregate("sum", finite)
		one.values = len(finite)
	case "min", "max":
		if c.f.class() == "num" {
			one.total = aggregate("sum", finite)
		}
		one.values = len(finite)
	default:
		one.values = len(values)
	}
	one.value = aggregate(c.f.agg, values)
	return one
}

// make is what a hypothesis makes of what it found.
func (c *tries) make(h *cause.Hypothesis, s *suspect, from found) any {
	m := &h.Making
	if h.Reading == (cause.Reading{Length: c.s.Cause.Length, Offset: c.s.Cause.Offset, Align: c.s.Cause.Align, Within: c.s.Cause.Within}) && h.Instant == (cause.Instant{Clock: cause.Shifted}) &&
		!strings.Contains(h.Key, " for ") {
		from.value = s.declared
	}
	x, number := from.value.(float64)
	var constant any = m.Text
	if c.f.class() == "num" {
		constant = m.Constant
	}
	switch m.Made {
	case cause.Nothing:
		if c.f.counts() {
			return 0.0
		}
		return nil
	case cause.Dropped:
		return nil
	case cause.Previous:
		return or(s.declared, from.value)
	case cause.Filled:
		return or(from.value, constant)
	case cause.Constant:
		return constant
	case cause.Emptied:
		if c.alike(from.value, constant, 0) {
			return nil
		}
		return from.value
	case cause.Mapped:
		return mappedBy(m, s.declared)
	case cause.Rows:
		return float64(from.rows)
	case cause.Values:
		return float64(from.values)
	case cause.Total:
		return from.total
	}
	switch {
	case m.Made == cause.Mean && from.values > 0:
		return from.total.(float64) / float64(from.values)
	case m.Made == cause.MeanZero && from.rows > 0:
		return or(from.total, 0.0).(float64) / float64(from.rows)
	case m.Made == cause.Mean || m.Made == cause.MeanZero:
		return nil
	case !number:
		return from.value
	case m.Made == cause.Linear:
		return m.Factor*x + m.Plus
	case m.Made == cause.Rounded:
		scale := math.Pow10(m.Digits)
		return math.Round(x*scale) / scale
	case m.Made == cause.Floored:
		return math.Floor(x)
	}
	return from.value
}

// mappedBy is what a map makes of a declared value.
func mappedBy(m *cause.Making, declared any) any {
	for i, from := range m.From {
		switch v := declared.(type) {
		case string:
			if v == from {
				return m.To[i]
			}
		case float64:
			if x, err := strconv.ParseFloat(from, 64); err == nil && x == v {
				to, err := strconv.ParseFloat(m.To[i], 64)
				if err != nil {
					panic(err)
				}
				return to
			}
		}
	}
	return nil
}
