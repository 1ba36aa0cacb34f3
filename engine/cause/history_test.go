package cause

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// begin is 2024-03-01; day n of the tests is n days after it.
const begin Day = 19783

func at(day int, hour float64) time.Time {
	return (begin + Day(day)).Start().Add(time.Duration(hour * float64(time.Hour)))
}

// inWords writes claims one a line, days as numbers: cause, proven or likely, parameters, spans as day.hour.
func inWords(claims []Claim) string {
	var lines []string
	for _, c := range claims {
		line := string(c.Cause) + " likely"
		if c.Proven {
			line = string(c.Cause) + " proven"
		}
		if len(c.Parameters) > 0 {
			line += fmt.Sprintf(" %v", c.Parameters)
		}
		for _, s := range c.Spans {
			line += " [" + inDays(s.From) + ", " + inDays(s.To) + ")"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func inDays(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	minutes := int(t.Sub(begin.Start()).Minutes())
	day, rest := minutes/1440, minutes%1440
	if rest != 0 {
		return fmt.Sprintf("%d %02d:%02d", day, rest/60, rest%60)
	}
	return fmt.Sprint(day)
}

// evenly gives five quantiles around a middle, a step apart.
func evenly(middle, step float64) Quantiles {
	return Quantiles{middle - 2*step, middle - step, middle, middle + step, middle + 2*step}
}

func TestRuns(t *testing.T) {
	// Levels by day; a day is broken when it is above the highest of at least three days before it.
	tests := []struct {
		name   string
		levels []int
		hold   int
		want   string
	}{
		{"steady", []int{1, 2, 1, 2, 1}, 1, "[]"},
		{"an odd day", []int{1, 1, 1, 1, 5, 1, 1}, 2, "[]"},
		{"odd days become past", []int{1, 1, 1, 1, 5, 1, 5, 5, 1}, 2, "[]"},
		{"a break that ends", []int{1, 1, 1, 1, 5, 5, 1}, 2, "[{4 6}]"},
		{"a break that lasts", []int{1, 1, 1, 1, 5, 6, 5, 5}, 2, "[{4 8}]"},
		{"two", []int{1, 1, 1, 1, 5, 5, 1, 1, 4, 4}, 2, "[{4 6} {8 10}]"},
		{"half a day first", []int{1, 1, 1, 3, 3, 3, 3}, 2, "[{4 7}]"},
		{"too little past", []int{1, 1, 1, 5, 5}, 2, "[]"},
	}
	for _, test := range tests {
		got := runs(len(test.levels), 3, test.hold, func(i int, past []int, _ bool) bool {
			for _, p := range past {
				if test.levels[i] <= test.levels[p] {
					return false
				}
			}
			return true
		})
		if fmt.Sprint(got) != test.want {
			t.Errorf("%s: %v, want %s", test.name, got, test.want)
		}
	}
}

// TestRunsNeedNoFuture: what is said of the days before a boundary does not change with the days after it, but for runs that
// are still open there.
func TestRunsNeedNoFuture(t *testing.T) {
	for seed := range 200 {
		levels := make([]int, 30)
		x := uint32(seed + 1)
		for i := range levels {
			x = x*1664525 + 1013904223
			levels[i] = int(x>>24) / 64
		}
		broken := func(i int, past []int, _ bool) bool { return levels[i] > levels[past[len(past)-1]] }
		whole := runs(len(levels), 3, 2, broken)
		for n := range levels {
			for i, r := range runs(n, 3, 2, broken) {
				w := whole[i]
				if r.first != w.first || r.end != min(w.end, n) {
					t.Fatalf("seed %d: %v of the first %d days, %v of all", seed, r, n, w)
				}
			}
		}
	}
}

func TestRisen(t *testing.T) {
	tests := []struct {
		hits, rows int64
		highest    float64
		want       bool
	}{
		{100, 1000, 0.005, true},
		{100, 1000, 0.04, true},
		{100, 1000, 0.051, false}, // not twice the highest
		{54, 1000, 0.005, false},  // less than five points more
		{3, 30, 0, false},         // chance
		{0, 0, 0, false},          // nothing
		{1000, 1000, 0.3, true},   // all
		{1000, 1000, 0.51, false}, // not twice the highest
	}
	for _, test := range tests {
		if got := risen(test.hits, test.rows, test.highest, false); got != test.want {
			t.Errorf("%d of %d against %g: %t, want %t", test.hits, test.rows, test.highest, got, test.want)
		}
	}
}

func TestUnion(t *testing.T) {
	span := func(from, to int) Span {
		s := Span{From: at(from, 0)}
		if to > 0 {
			s.To = at(to, 0)
		}
		return s
	}
	got := inWords([]Claim{{Spans: union([]Span{span(5, 6), span(1, 3), span(2, 4), span(6, 8), span(9, 0), span(10, 12)})}})
	if want := " likely [1, 4) [5, 8) [9, )"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
