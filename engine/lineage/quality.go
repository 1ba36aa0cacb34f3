package lineage

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// What row counts and ages are held against.
const (
	minBefore = 3                // readings before, at least
	maxBefore = 7                // and at most: the newest
	maxRows   = 1 << 53          // above which a number of rows is none
	minAge    = 10 * time.Minute // below which a dataset is not stale, whatever is usual
)

// rows tells where a run wrote, or a dataset held, under half or above double the median of the runs before. Runs that
// failed are told as such.
func (d *deriver) rows() {
	first := func(a, _ int64) int64 { return a }
	sum := func(a, b int64) int64 { return min(a+b, maxRows) }
	d.compareRows("job %s wrote %s to %s at %s; %s is usual", sum, func(s *set) (int64, bool) {
		return d.rowCount(s, "outputStatistics", s.io, s.facets)
	})
	d.compareRows("job %s found %s in %s at %s; %s is usual", first, func(s *set) (int64, bool) {
		return d.rowCount(s, "dataQualityMetrics", s.io, s.facets)
	})
}

// rowCount reads a count of rows from the first of the places that tells it.
func (d *deriver) rowCount(s *set, key string, from ...facets) (int64, bool) {
	for _, f := range from {
		var facet struct{ RowCount *float64 }
		if d.read(f, key, &facet) && facet.RowCount != nil && *facet.RowCount >= 0 && *facet.RowCount <= maxRows {
			return int64(*facet.RowCount), s.run.state != "FAIL" && s.run.state != "ABORT"
		}
	}
	return 0, false
}

// compareRows tells the counts that are far from those before.
func (d *deriver) compareRows(format string, join func(a, b int64) int64, get func(*set) (int64, bool)) {
	for _, stream := range streams(d, get, join) {
		counts := make([]int64, len(stream))
		for i, r := range stream {
			counts[i] = r.value
			if i < minBefore {
				continue
			}
			usual, kind := median(counts[max(0, i-maxBefore):i]), ""
			switch {
			case r.value < usual-r.value:
				kind = RowsDropped
			case r.value-usual > usual:
				kind = RowsRose
			default:
				continue
			}
			s, job := r.set, named(r.set.run.job.name)
			text := fmt.Sprintf(format, job, countRows(r.value), d.graph.name(s.node), stamp(s.run.at), strconv.FormatInt(usual, 10))
			if job == "" {
				text = fmt.Sprintf("%s held %s at %s; %d is usual", d.graph.name(s.node), countRows(r.value), stamp(s.run.at), usual)
			}
			d.tellOf(s, s.run.at, kind, "%s", text)
		}
	}
}

func countRows(n int64) string {
	if n == 1 {
		return "1 row"
	}
	return strconv.FormatInt(n, 10) + " rows"
}

// ages tells where a dataset was more than double as old as usual when a run looked at it.
func (d *deriver) ages() {
	all := streams(d, func(s *set) (time.Time, bool) {
		for _, from := range []facets{s.io, s.facets} {
			var facet struct{ LastUpdated string }
			if d.read(from, "dataQualityMetrics", &facet) {
				if t, ok := parseTime(facet.LastUpdated); ok {
					return t, true
				}
			}
		}
		return time.Time{}, false
	}, func(a, b time.Time) time.Time {
		if b.After(a) {
			return b
		}
		return a
	})
	for _, stream := range all {
		ages := make([]time.Duration, len(stream))
		for i, r := range stream {
			ages[i] = r.set.run.at.Sub(r.value)
			if i < minBefore {
				continue
			}
			usual := max(0, median(ages[max(0, i-maxBefore):i]))
			if s := r.set; ages[i] >= minAge && ages[i]/2 > usual {
				d.tellOf(s, s.run.at, Stale, "%s was %s old %s, last updated at %s; %s is usual", d.graph.name(s.node),
					length(ages[i]), s.seen(), stamp(r.value), length(usual))
			}
		}
	}
}

// lifecycles tells of datasets that were dropped, truncated, overwritten or renamed. A job that empties or overwrites its
// output on every run does so on this one, too: only the first of a row is told.
func (d *deriver) lifecycles() {
	type change struct{ state, from string }
	all := streams(d, func(s *set) (change, bool) {
		var facet struct {
			LifecycleStateChange string
			PreviousIdentifier   struct{ Namespace, Name string }
		}
		d.read(s.facets, "lifecycleStateChange", &facet)
		c := change{state: strings.ToUpper(facet.LifecycleStateChange)}
		if p := facet.PreviousIdentifier; p.Name != "" {
			c.from = " from " + named(dataset(p.Namespace, p.Name).String())
		}
		return c, true // those without one end a row
	}, func(a, b change) change {
		if a.state == "" {
			return b
		}
		return a
	})
	for _, stream := range all {
		before := ""
		for _, r := range stream {
			s, what := r.set, ""
			switch state := r.value.state; {
			case state == "DROP":
				what = "dropped"
			case state == "RENAME":
				what = "renamed" + r.value.from
			case state == "TRUNCATE" && before != state:
				what = "truncated"
			case state == "OVERWRITE" && before != state:
				what = "overwritten"
			}
			before = r.value.state
			if what != "" {
				if job := s.run.job.name; job != "" && s.role == written {
					what += " by job " + named(job)
				}
				d.tellOf(s, s.run.at, Lifecycle, "%s was %s at %s", d.graph.name(s.node), what, stamp(s.run.at))
			}
		}
	}
}

// checked is an assertion on a dataset, or a test of a run.
type checked struct {
	Assertion, Name, Column, Severity string
	Success                           *bool
	Status                            string
	Expected, Actual                  any
}

// checks tells of assertions and tests that failed.
func (d *deriver) checks() {
	for _, s := range d.sets {
		for _, from := range []facets{s.io, s.facets} {
			var facet struct{ Assertions []checked }
			if !d.read(from, "dataQualityAssertions", &facet) {
				continue
			}
			for _, c := range facet.Assertions {
				if c.Success != nil && !*c.Success {
					d.tellOf(s, s.run.at, CheckFailed, "%s of %s failed at %s%s", c.what("assertion", c.Assertion), d.graph.name(s.node), stamp(s.run.at), c.details())
				}
			}
		}
	}
	for _, r := range d.runs {
		var facet struct{ Tests []checked }
		if !d.read(r.facts, "test", &facet) {
			continue
		}
		for _, c := range facet.Tests {
			if strings.EqualFold(c.Status, "fail") {
				d.tell(r.at, CheckFailed, r.job, "%s of job %s failed at %s%s", c.what("test", c.Name), named(r.job.name), stamp(r.at), c.details())
			}
		}
	}
}

// what names the check.
func (c *checked) what(kind, name string) string {
	if name == "" {
		name = c.Name
	}
	text := strings.TrimSpace(kind + " " + tidy(name, 80))
	if c.Column != "" {
		text += fmt.Sprintf(" on column %q", tidy(c.Column, 60))
	}
	return text
}

// details says what was expected and found, and that a failure is a warning only.
func (c *checked) details() string {
	var parts []string
	if strings.EqualFold(c.Severity, "warn") {
		parts = append(parts, "a warning")
	}
	for _, p := range []struct {
		what  string
		value any
	}{{"expected", c.Expected}, {"found", c.Actual}} {
		if p.value != nil && fmt.Sprint(p.value) != "" {
			parts = append(parts, p.what+" "+tidy(fmt.Sprint(p.value), 60))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
