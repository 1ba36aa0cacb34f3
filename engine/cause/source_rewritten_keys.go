package cause

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Which keys' rows were revised. A key was struck where the count of its rows that were corrected is likelier by the share of the key
// that was corrected most than by its own share before; of several key columns the one counts whose keys the counts part best.

// surely is the logarithm of how much likelier a key must be struck than spared, or spared than struck, to be counted as either.
const surely = 3.0

// struckKeys looks for keys that were revised far beyond their own past, of the column in which the most were.
func (r *Rewritten) struckKeys(source string, since, boundary Day) (most rewrittenRun) {
	n := 0
	for i := range r.Keys {
		c := &r.Keys[i]
		var run rewrittenRun
		struck := 0
		for j := range c.Keys {
			k := &c.Keys[j]
			one := r.struckBy(k.Hours, fmt.Sprintf("%s with %s %s", source, c.Column, k.Key), since, boundary)
			if len(one.spans) > 0 {
				run.add(one)
				struck++
			}
		}
		if struck > n && float64(struck) <= mostKeys*float64(len(c.Keys)) {
			most, n = run, struck
		}
	}
	return most
}

// hitKeys gives the parameters that name the keys whose rows were struck in a run, and what is to be said of them; nil where more than
// half were, or none for sure.
func (r *Rewritten) hitKeys(run *rewrittenRun, boundary Day) (parameters map[string]any, says string) {
	best := math.Inf(-1)
	for i := range r.Keys {
		c := &r.Keys[i]
		struck, of, likely := c.struckIn(run, boundary)
		if likely <= best {
			continue
		}
		best, parameters, says = likely, nil, ""
		if len(struck) == 0 || float64(len(struck)) > mostKeys*float64(of) {
			continue
		}
		parameters = map[string]any{"key": c.Column, "keys": struck, "key_share": math.Round(1000*float64(len(struck))/float64(of)) / 1000}
		says = fmt.Sprintf("%d of %d keys looked at (%s %s)", len(struck), of, c.Column, strings.Join(struck, ", "))
	}
	return parameters, says
}

// struckIn gives the keys whose rows were struck, of how many that can be told, and the logarithm of how likely their counts are.
func (c *RewrittenColumn) struckIn(run *rewrittenRun, boundary Day) (struck []string, of int, likely float64) {
	was, is := make([]float64, len(c.Keys)), 0.0
	now := make([]rewrittenDay, len(c.Keys))
	for i := range c.Keys {
		var before rewrittenDay
		before, now[i] = c.Keys[i].Hours.parted(run, boundary)
		was[i] = (float64(before.off) + 0.5) / (float64(before.rows) + 1)
		if now[i].rows >= fewRows {
			is = math.Max(is, shareOf(now[i].off, now[i].rows))
		}
	}
	is = math.Min(math.Max(is, 1e-3), 1-1e-3)
	for i := range c.Keys {
		off, rest := float64(now[i].off), float64(now[i].rows-now[i].off)
		hit, spared := off*math.Log(is)+rest*math.Log(1-is), off*math.Log(was[i])+rest*math.Log(1-was[i])
		likely += math.Max(hit, spared)
		if math.Abs(hit-spared) < surely {
			continue
		}
		of++
		if hit > spared {
			struck = append(struck, c.Keys[i].Key)
		}
	}
	return struck, of, likely
}

// parted sums up what was first known before the days of a run, but for others like them, and on them, as known at a boundary.
func (hours RewrittenHours) parted(run *rewrittenRun, boundary Day) (before, within rewrittenDay) {
	on := func(spans []Span, h *RewrittenHour) bool {
		return slices.ContainsFunc(spans, func(s Span) bool { return !h.Hour.Before(s.From) && h.Hour.Before(s.To) })
	}
	first := run.wrong[0].From
	for _, s := range run.wrong[1:] {
		first = earlier(first, s.From)
	}
	for i := range hours {
		h := &hours[i]
		if DayOf(h.Hour) >= boundary {
			break
		}
		into := &before
		if on(run.wrong, h) {
			into = &within
		} else if on(run.ever, h) || !h.Hour.Before(first) {
			continue
		}
		into.rows, into.off = into.rows+h.Rows, into.off+h.at(boundary).Off
	}
	return before, within
}
