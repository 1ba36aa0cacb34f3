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
	f := &Feature{Name: "f", Number: true, Windowed: true, Sums: true, Length: 6 * time.Hour, Aggregate: "avg", Known: true}
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
			of := TrialDay{Day: day, Source: "s", Feature: "f", Finalists: []Finalist{{Hypothesis: &miss, Pairs: 90, Pieces: 80}, {Hypothesis: &shift, Pairs: 90, Lucky: 90, Pieces: 80}}}
			of.Patterns = []Pattern{{Hits: 3, Counted: 3, Rows: 100 - tt.off}}
			if tt.off > 0 {
				of.Patterns = append(of.Patterns, Pattern{Hits: 1, Counted: 3, Rows: tt.off})
			}
			g := TrialDay{Day: day, Source: "s", Feature: "g", Finalists: []Finalist{{Hypothesis: &shift, Pairs: 90, Pieces: 80}}, Patterns: []Pattern{{Hits: 1, Counted: 1, Rows: 60}}}
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
