package cause

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Which keys' rows were revised. A key was struck where the count of its rows that were corrected is likelier by the share of the key
// that was corrected most than by its own share before, and above that; of several key columns the one counts that tells the most: by whose keys
// the counts are the likeliest beside one share for all of its keys. A key without rows before, or with too few since, tells nothing.

// surely is the logarithm of how much likelier a key must be struck than spared, or spared than struck, to be counted as either.
const surely = 3.0

// fewForKey is how many rows since a key needs for its share to be what struck keys are like.
const fewForKey = 10

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
	best := surely
	for i := range r.Keys {
		c := &r.Keys[i]
		struck, of, tells := c.struckIn(run, boundary)
		if tells <= best {
			continue
		}
		best, parameters, says = tells, nil, ""
		if len(struck) == 0 || float64(len(struck)) > mostKeys*float64(of) {
			continue
		}
		parameters = map[string]any{"key": c.Column, "keys": struck, "key_share": math.Round(1000*float64(len(struck))/float64(of)) / 1000}
		says = fmt.Sprintf("%d of %d keys looked at (%s %s)", len(struck), of, c.Column, strings.Join(struck, ", "))
	}
	return parameters, says
}

// struckIn gives the keys whose rows were struck, of how many that can be told, and the logarithm of how much likelier their counts are when
// keys are struck or spared than by one share for all.
func (c *RewrittenColumn) struckIn(run *rewrittenRun, boundary Day) (struck []string, of int, tells float64) {
	was, now := make([]float64, len(c.Keys)), make([]rewrittenDay, len(c.Keys))
	var all rewrittenDay
	is := 0.0
	for i := range c.Keys {
		var before rewrittenDay
		if before, now[i] = c.Keys[i].Hours.parted(run, boundary); before.rows < fewRows {
			now[i] = rewrittenDay{}
			continue
		}
		was[i] = (float64(before.off) + 0.5) / (float64(before.rows) + 1)
		all.rows, all.off = all.rows+now[i].rows, all.off+now[i].off
		if now[i].rows >= fewForKey {
			is = math.Max(is, (float64(now[i].off)+0.5)/(float64(now[i].rows)+1))
		}
	}
	one := (float64(all.off) + 0.5) / (float64(all.rows) + 1)
	for i := range c.Keys {
		if now[i].rows == 0 {
			continue
		}
		spared, alike := now[i].likely(was[i]), now[i].likely(one)
		hit := math.Inf(-1)
		if is > was[i] {
			hit = now[i].likely(is)
		}
		tells += math.Max(hit, spared) - alike
		if math.Abs(hit-spared) < surely {
			continue
		}
		of++
		if hit > spared {
			struck = append(struck, c.Keys[i].Key)
		}
	}
	return struck, of, tells
}

// likely is the logarithm of the likelihood of how many rows were corrected, of a share of them.
func (d *rewrittenDay) likely(share float64) float64 {
	return float64(d.off)*math.Log(share) + float64(d.rows-d.off)*math.Log(1-share)
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
