package attribution

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// What a claim of whole days makes of its features' values is no finding of its own; a broken promise is, and so is what moved
// on other days, or of another feature.
func TestWhatFollowsFromWholeDays(t *testing.T) {
	from := boundary - 5
	for _, c := range []struct {
		name  string
		codes map[int]uint16
		claim Claim
		want  string
	}{
		{"nulls", map[int]uint16{tempValue: 1}, Claim{Spans: []DaySpan{{from, 1 << 30}}, Features: []string{"temp"}}, "weather[temp.value null]"},
		{"nulls between two stretches", map[int]uint16{tempValue: 1}, Claim{Spans: []DaySpan{{from - 9, from}, {boundary - 1, boundary}}, Features: []string{"temp"}}, "temp[temp.value null] weather[]"},
		{"nulls on other days", map[int]uint16{tempValue: 1}, Claim{Spans: []DaySpan{{from - 2, from}}, Features: []string{"temp"}}, "temp[temp.value null] weather[]"},
		{"another feature", map[int]uint16{tempValue: 1}, Claim{Spans: []DaySpan{{from, 1 << 30}}, Features: []string{"wind"}}, "temp[temp.value null] weather[]"},
		{"an older row", map[int]uint16{radarAge: 2}, Claim{Spans: []DaySpan{{from, 1 << 30}}, Features: []string{"temp"}}, "radar[radar.staleness days] weather[]"},
		{"an older row where rows are missing", map[int]uint16{radarAge: 2}, Claim{Spans: []DaySpan{{from, 1 << 30}}, Thinned: true}, "weather[radar.staleness days]"},
		{"a broken promise", map[int]uint16{weatherAge: 1}, Claim{Spans: []DaySpan{{from, 1 << 30}}, Features: []string{"temp"}}, "weather[] weather[weather.staleness old]"},
	} {
		b := newBuilder(t)
		for d := boundary - 35; d < boundary; d++ {
			b.add(rows{day: d, n: 100, loss: 0.4})
			if d >= from {
				b.add(rows{day: d, n: 30, loss: 0.4, codes: c.codes})
			}
		}
		c.claim.Node, c.claim.Nodes, c.claim.Cause, c.claim.Tier = "weather", []string{"weather", "temp", "radar"}, "source.changed", Inferred
		q := question()
		q.Claims = []Claim{c.claim}
		e := newAlike(b.cube).Evaluate(q)
		var got []string
		for _, f := range e.Findings {
			var levels []string
			for _, l := range f.Levels {
				levels = append(levels, l.Condition+" "+l.Level)
			}
			got = append(got, fmt.Sprintf("%s[%s]", f.Node, strings.Join(levels, ", ")))
		}
		slices.Sort(got)
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: %s, want %s", c.name, text, c.want)
		}
	}
}

// A claim's rows are its own also where nothing came before them that they could be held against, and where they were common before.
func TestClaimedLevelIsNeverNominal(t *testing.T) {
	for _, c := range []struct {
		name  string
		first Day // with rows; with nulls
		nulls Day
	}{{"no baseline", boundary - 5, boundary - 5}, {"as common before", boundary - 35, boundary - 35}} {
		b := newBuilder(t)
		for d := c.first; d < boundary; d++ {
			b.add(rows{day: d, n: 100, loss: 0.4})
			b.add(rows{day: d, n: 30, loss: 0.4, codes: map[int]uint16{tempValue: 1}})
		}
		q := question()
		q.Claims = []Claim{{Node: "weather", Nodes: []string{"weather"}, Cause: "join.miss", Tier: Replayed, Proven: true, Levels: []LevelName{{"temp.value", "null"}}}}
		e := newAlike(b.cube).Evaluate(q)
		window := Day(q.Window)
		if want := 30 * int64(min(window, boundary-c.first)); len(e.Findings) != 1 || e.Findings[0].Rows != want || e.Findings[0].FirstDay != c.nulls {
			t.Errorf("%s: %+v, want one finding of %d rows from day %d on", c.name, e.Findings, want, c.nulls)
		}
	}
}

// A row that misses by itself two days before a claim's first is no day of a claim that says on which days its rows are.
func TestStraysAreNoDayOfAClaim(t *testing.T) {
	from := boundary - 5
	for _, c := range []struct {
		name string
		on   []Day
		want Day
	}{{"days told", []Day{from, from + 1, from + 2, from + 3, from + 4}, from}, {"days not told", nil, from - 2}} {
		b := newBuilder(t)
		for d := boundary - 35; d < boundary; d++ {
			b.add(rows{day: d, n: 1000, loss: 0.4})
			n := map[bool]int64{true: 30}[d >= from]
			if d == from-2 {
				n = 1
			}
			b.add(rows{day: d, n: n, loss: 0.4, codes: map[int]uint16{tempValue: 1}})
		}
		q := question()
		q.Claims = []Claim{{Node: "weather", Nodes: []string{"weather"}, Cause: "join.miss", Tier: Replayed, Proven: true, Levels: []LevelName{{"temp.value", "null"}}, On: c.on}}
		e := newAlike(b.cube).Evaluate(q)
		if len(e.Findings) != 1 || e.Findings[0].Episodes[0].Onset != c.want {
			t.Errorf("%s: %+v, want one finding from day %d on", c.name, e.Findings, c.want)
		}
	}
}
