package cause

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

// source.stopped: a source ended or paused: nothing newer came after T, although predictions went on asking it.
//
// It applies to sources with instants. A silence counts when it is longer than twice the longest wait that the source is used
// to, than ten times the 0.99 quantile of its waits (of slow sources: than that quantile and a day and a half), and, where
// freshness is promised, than the promise; and when 30 predictions were made after news was due. Nights and weekends are waits
// that it is used to, earlier silences are not. It is measured from when the newest row became known to the boundary, or to
// when the source spoke again; it begins when the next row was due, its usual wait after the newest.

const (
	fewWaits     = 20   // waits that a cadence needs
	silentTimes  = 10.0 // of the 0.99 quantile of waits
	slowAllowed  = 36 * time.Hour
	longestTimes = 2 // of the longest wait
	leastSilence = time.Hour
)

// StoppedClaims looks for silences that reach into the days [since, boundary): of the source, else of some of its keys.
func (w *Walked) StoppedClaims(asked []Asked, since, boundary Day) []Claim {
	spans, last := w.silences(asked, since, boundary)
	if len(spans) == 0 {
		return w.stoppedKeys(since, boundary)
	}
	s := w.SourceHistory
	return []Claim{{
		Cause: SourceStopped, Node: s.Name, Sources: []string{s.Name}, Features: s.Features,
		Parameters: map[string]any{"last_at": last.LastAt.Format(time.RFC3339)},
		Tier:       stoppedTier(s), Proven: true, Spans: spans, Levels: s.past(last.longest), Evidence: last.evidence(s, boundary),
		Action: stoppedAction(s),
	}}
}

func stoppedAction(s *SourceHistory) string {
	return fmt.Sprintf("Start the job that loads %s again and let it catch up; then score the predictions made meanwhile anew. What was served meanwhile is old, empty or a default.", s.Name)
}

// rhythm is how a source's news used to come.
type rhythm struct {
	half, most, longest time.Duration // the .5 and .99 quantile of its waits, and the longest
	known               bool          // enough of them
}

// rest is a silence that is over, and the number of the day on which it ended.
type rest struct {
	Silence
	day int
}

// walkWaits takes down how a source's news came before each of its days, and its silences. A day's longest wait is judged by what
// was usual before the day.
func (w *Walked) walkWaits() {
	c := cadence{bins: map[int32]int64{}, longest: map[int32]time.Duration{}}
	var newest Silence
	for i := range w.Days {
		d := &w.Days[i]
		w.cadence = append(w.cadence, c.rhythm())
		q := longestOf(d)
		silent := !q.From.IsZero() && w.silent(i, q, q.To)
		if silent {
			w.rests = append(w.rests, rest{q, i})
		}
		c.add(d, q, silent)
		newest = newer(newest, d)
		w.newest = append(w.newest, newest)
	}
	w.cadence = append(w.cadence, c.rhythm())
}

// silent tells whether a wait that ends, or goes on, is a silence beside the first n days. Of one key more is asked (see
// stoppedKeys).
func (w *Walked) silent(n int, q Silence, ends time.Time) bool {
	limit, ok := w.cadence[n].limit(w.FreshWithin), w.cadence[n].known
	if w.OfKey {
		limit = max(limit, keySilence)
	}
	return ok && ends.Sub(q.From) > limit && (!w.OfKey || regular(w.Days, DayOf(q.From)))
}

// silences gives the spans of those that reach into the days [since, boundary), and the newest of them.
func (w *Walked) silences(asked []Asked, since, boundary Day) (spans []Span, last silence) {
	n := len(before(w.Days, boundary, func(d *SourceDay) Day { return d.Day }))
	take := func(day int, q Silence, ends time.Time) {
		c := w.cadence[day]
		span := Span{From: q.LastAt.Add(c.half).Truncate(time.Hour), To: q.To}
		if !span.lasts(since) {
			return
		}
		if rows := askedWithin(between(asked, since, boundary), span.From, ends); rows >= fewRows {
			spans = append(spans, span)
			last = silence{Silence: q, wait: c.most, longest: c.longest, asked: rows}
		}
	}
	for _, r := range w.rests {
		if r.day < n {
			take(r.day, r.Silence, r.To)
		}
	}
	if n > 0 && !w.newest[n-1].From.IsZero() && w.silent(n, w.newest[n-1], boundary.Start()) {
		take(n, w.newest[n-1], boundary.Start())
	}
	return spans, last
}

func stoppedTier(s *SourceHistory) string {
	if s.FreshWithin > 0 {
		return "contract"
	}
	return "inferred"
}

// silence is what is said of the newest one.
type silence struct {
	Silence
	wait, longest time.Duration
	asked         int64
}

func (q *silence) evidence(s *SourceHistory, boundary Day) []string {
	until := fmt.Sprintf("no newer row became known until %s", toMinute(boundary.Start()))
	if !q.To.IsZero() {
		until = fmt.Sprintf("the next newer row became known at %s", toMinute(q.To))
	}
	lines := []string{
		fmt.Sprintf("the newest row of %s is of %s; %s", s.Name, toMinute(q.LastAt), until),
		fmt.Sprintf("until then it had something new every %s or sooner in 99 of 100 cases, and never after more than %s", q.wait, q.longest),
		fmt.Sprintf("%d predictions were made after news was due", q.asked),
	}
	if s.FreshWithin > 0 {
		lines = append(lines, fmt.Sprintf("freshness within %s is promised", s.FreshWithin))
	}
	return lines
}

// past lists the levels of staleness that only a silence longer than wait leads to, or that break the promise.
func (s *SourceHistory) past(wait time.Duration) []Level {
	limit := wait
	if s.FreshWithin > 0 {
		limit = s.FreshWithin
	}
	var levels []Level
	for _, l := range s.Ladders {
		for _, step := range l.Steps {
			if step.Over >= limit {
				levels = append(levels, Level{l.Condition, step.Level})
			}
		}
		levels = append(levels, Level{l.Condition, l.None})
	}
	return levels
}

// cadence is the waits that a source is used to, in bins of 16 to the doubling.
type cadence struct {
	bins    map[int32]int64
	longest map[int32]time.Duration // by bin
	count   int64
}

// add takes in the waits of a day, but for its longest where that was a silence.
func (c *cadence) add(d *SourceDay, longest Silence, silent bool) {
	for _, g := range d.Gaps {
		if silent && g.Longest == longest {
			continue
		}
		c.bins[g.Bin] += g.Count
		c.count += g.Count
		c.longest[g.Bin] = max(c.longest[g.Bin], g.Longest.To.Sub(g.Longest.From))
	}
}

// wait is a quantile of waits, rounded up to the longest wait of its bin.
func (c *cadence) wait(share float64) time.Duration {
	need := int64(math.Ceil(share * float64(c.count)))
	var seen int64
	for _, bin := range slices.Sorted(maps.Keys(c.bins)) {
		if seen += c.bins[bin]; seen >= need {
			return c.longest[bin]
		}
	}
	return 0
}

func (c *cadence) longestWait() time.Duration {
	var longest time.Duration
	for _, w := range c.longest {
		longest = max(longest, w)
	}
	return longest
}

func (c *cadence) rhythm() rhythm {
	return rhythm{half: c.wait(0.5), most: c.wait(0.99), longest: c.longestWait(), known: c.count >= fewWaits}
}

// limit is how long a silence must be to count.
func (r rhythm) limit(promise time.Duration) time.Duration {
	return max(min(time.Duration(silentTimes*float64(r.most)), r.most+slowAllowed), longestTimes*r.longest, promise, leastSilence)
}

// longestOf is a day's longest wait, the zero Silence for none.
func longestOf(d *SourceDay) Silence {
	var longest Silence
	for _, g := range d.Gaps {
		if g.Longest.To.Sub(g.Longest.From) > longest.To.Sub(longest.From) {
			longest = g.Longest
		}
	}
	return longest
}

// newer is the silence that begins with the newest row: q, or one of a day.
func newer(q Silence, d *SourceDay) Silence {
	for _, g := range d.Gaps {
		if g.Newest.From.After(q.From) {
			q = g.Newest
		}
	}
	return q
}

func between(asked []Asked, since, boundary Day) []Asked {
	first, end := 0, len(asked)
	for first < end && asked[first].Hour.Before(since.Start()) {
		first++
	}
	for end > first && !asked[end-1].Hour.Before(boundary.Start()) {
		end--
	}
	return asked[first:end]
}

// askedWithin counts the predictions of the whole hours within [from, to).
func askedWithin(asked []Asked, from, to time.Time) int64 {
	var n int64
	for _, a := range asked {
		if !a.Hour.Before(from) && !a.Hour.Add(time.Hour).After(to) {
			n += a.Rows
		}
	}
	return n
}
