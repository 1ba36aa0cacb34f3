package cause

import (
	"slices"
	"testing"
	"time"
)

// TestLean: event times are read ten hours off. The short window f is then empty, as if its join missed; of the long window g
// only the shift gives what was served. One fault accounts for both features. Where the shift fails on a tenth of what the
// miss reproduces, they are two.
func TestLean(t *testing.T) {
	f := &Feature{Name: "f", Number: true, Windowed: true, Length: 6 * time.Hour, Aggregate: "avg", Known: true}
	day := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	miss := f.plain(Miss, "nothing", 2)
	shift := f.plain(ZoneShift, "event times -10h", 16)
	for _, tt := range []struct {
		name string
		off  int64 // rows of f that the shift does not reproduce
		want []string
	}{
		{"one", 0, []string{"event times -10h"}},
		{"two", 10, []string{"nothing", "event times -10h"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			of := TrialDay{Day: day, Source: "s", Feature: "f", Finalists: []Finalist{{Hypothesis: &miss, Pairs: 90, Pieces: drawn(80)}, {Hypothesis: &shift, Pairs: 90, Lucky: 90, Pieces: drawn(80)}}}
			of.Patterns = []Pattern{{Hits: 3, Counted: 3, Rows: 100 - tt.off}}
			if tt.off > 0 {
				of.Patterns = append(of.Patterns, Pattern{Hits: 1, Counted: 3, Rows: tt.off})
			}
			g := TrialDay{Day: day, Source: "s", Feature: "g", Finalists: []Finalist{{Hypothesis: &shift, Pairs: 90, Pieces: drawn(80)}}, Patterns: []Pattern{{Hits: 1, Counted: 1, Rows: 60}}}
			p := newPool([]*TrialDay{&of, &g})
			var got []string
			for _, n := range p.choose() {
				got = append(got, p.all[n].Key)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("chose %q, want %q", got, tt.want)
			}
		})
	}
}

// TestLeftOver: a lag accounts for 40 rows of one day, and for two among 5,000 of the next of which nothing else is known. Those are not
// its rows: the claim holds what it reproduces.
func TestLeftOver(t *testing.T) {
	f := &Feature{Name: "f", Number: true}
	day := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	found := f.plain(NullHandling, "previous value", 7)
	found.Parameters = map[string]any{}
	first := TrialDay{Day: day, Source: "s", Feature: "f", Finalists: []Finalist{{Hypothesis: &found, Pairs: 90, Pieces: drawn(40)}}, Patterns: []Pattern{{Hits: 1, Counted: 1, Rows: 40}}}
	next := TrialDay{Day: day.Add(whole), Source: "s", Feature: "f", Finalists: []Finalist{{Hypothesis: &found, Pairs: 90, Pieces: drawn(2)}},
		Patterns: []Pattern{{Hits: 1, Counted: 1, Rows: 2}, {Rows: 5000}}}
	c := &Case{Trials: []TrialDay{first, next}, JobOf: func(string) string { return "" }}
	c.label()
	claims := c.Claims(day, day, day.Add(5*whole))
	if len(claims) != 1 || !claims[0].Proven {
		t.Fatalf("%+v, want one proven claim", claims)
	}
	var rows int64
	for _, s := range claims[0].Seen {
		rows += s.Rows
	}
	if rows != 40 || len(claims[0].Levels) != 1 {
		t.Errorf("%d rows at %v, want the 40 that it names", rows, claims[0].Levels)
	}
}

// TestThinDays: a store that froze gives what was served on all of a week's rows, eight a day: on no day is that more than chance, which gives
// null there two times in three, as it was served. Without a row it gives a part of them; the week together tells that it is no miss.
// Where the store is right as often as chance is, the miss stands.
func TestThinDays(t *testing.T) {
	f := &Feature{Name: "f", Number: true, Within: 3 * time.Hour}
	miss, frozen := f.plain(Miss, "nothing", 0), f.plain(Stale, "frozen", 15)
	for _, tt := range []struct {
		name   string
		valued Pattern // rows that were not served null
		want   string
	}{
		{"always right", Pattern{Hits: 2, Counted: 3, Rows: 2}, "frozen"},
		{"right by chance", Pattern{Counted: 3, Rows: 2}, "nothing"},
	} {
		var days []*TrialDay
		for k := range 7 {
			days = append(days, &TrialDay{Day: time.Date(2024, 5, 1+k, 0, 0, 0, 0, time.UTC), Source: "s", Feature: "f",
				Finalists: []Finalist{{Hypothesis: &miss, Base: 300, Alike: 20, Pieces: drawn(6)}, {Hypothesis: &frozen, Pairs: 90, Lucky: 60, Pieces: drawn(8)}},
				Patterns:  []Pattern{{Hits: 3, Counted: 3, Rows: 6}, tt.valued}})
		}
		p := newPool(days)
		if chosen := p.choose(); len(chosen) != 1 || p.all[chosen[0]].Key != tt.want {
			t.Errorf("%s: chose %v, want %s alone", tt.name, chosen, tt.want)
		}
		if one := newPool(days[:1]); one.above(1, nil) != 0 {
			t.Errorf("%s: a day alone says more than chance", tt.name)
		}
	}
}

// TestOldPieces: a feed pauses once a day at one place, and each day's rows of the pause were served the last value before it, another one
// every day. On a day that is one constant in place of null; over the days it is rows of any age, and no constant.
func TestOldPieces(t *testing.T) {
	f := &Feature{Name: "f", Number: true, Within: 3 * time.Hour, Columns: []string{"v"}}
	old := staleHypotheses(f)[0]
	var days []*TrialDay
	for k := range 3 {
		served := 0.25 + float64(k)
		fills := NullFrom(f, []Pair{{Served: &served, Empty: true}, {Served: &served, Empty: true}, {Served: &served, Empty: true}})
		d := &TrialDay{Day: time.Date(2024, 5, 1+k, 0, 0, 0, 0, time.UTC), Source: "s", Feature: "f", Patterns: []Pattern{{Hits: 3, Counted: 3, Rows: 20}},
			Finalists: []Finalist{{Hypothesis: &fills[0], Base: 300, Alike: 3, Pieces: drawn(1)}, {Hypothesis: &old, Pairs: 70, Lucky: 70, Pieces: drawn(1)}}}
		d.Settle()
		days = append(days, d)
	}
	for _, n := range []int{1, 3} {
		p := newPool(days[:n])
		if chosen := p.choose(); len(chosen) != 1 || p.all[chosen[0]].Key != "any age" {
			t.Errorf("%d days: chose %v, want rows of any age alone", n, chosen)
		}
	}
}
