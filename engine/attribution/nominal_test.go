package attribution

import (
	"slices"
	"testing"
)

// levelsFound names the listed levels of a window in which every tenth row has other codes, against a baseline in which
// share in 1000 rows a day have them.
func levelsFound(t *testing.T, codes map[int]uint16, share int64, alsoBefore ...rows) []string {
	b := newBuilder(t)
	for d := boundary - 35; d < boundary; d++ {
		n := share
		if inWindow(d) {
			n = 100
		}
		b.add(rows{day: d, n: 1000 - n, loss: 0.4}, rows{day: d, n: n, loss: 0.4, codes: codes})
		for _, r := range alsoBefore {
			if !inWindow(d) {
				r.day = d
				b.add(r)
			}
		}
	}
	e := newAlike(b.cube).Evaluate(question())
	var names []string
	for _, f := range e.Findings {
		for _, l := range f.Levels {
			names = append(names, l.Condition+" "+l.Level)
		}
	}
	return names
}

func TestNominal(t *testing.T) {
	for _, c := range []struct {
		name   string
		codes  map[int]uint16
		share  int64 // in 1000 of the baseline
		before []rows
		want   []string
	}{
		{name: "null that the baseline has", codes: map[int]uint16{tempValue: 1}, share: 10},
		{name: "null that it hardly has", codes: map[int]uint16{tempValue: 1}, share: 9, want: []string{"temp.value null"}},
		{name: "null that it has not", codes: map[int]uint16{tempValue: 1}, want: []string{"temp.value null"}},
		{name: "broken promise", codes: map[int]uint16{weatherAge: 1}, want: []string{"weather.staleness old"}},
		{name: "broken promise that the baseline has too", codes: map[int]uint16{weatherAge: 1}, share: 10, want: []string{"weather.staleness old"}},
		{name: "both of one node", codes: map[int]uint16{weatherAge: 1, weatherRows: 2}, want: []string{"weather.cardinality many", "weather.staleness old"}},
		{name: "staleness that the baseline exceeds", codes: map[int]uint16{radarAge: 1},
			before: []rows{{n: 20, loss: 0.4, codes: map[int]uint16{radarAge: 2}}}},
		{name: "staleness beyond the baseline's", codes: map[int]uint16{radarAge: 2},
			before: []rows{{n: 20, loss: 0.4, codes: map[int]uint16{radarAge: 1}}}, want: []string{"radar.staleness days"}},
		{name: "rows from the future are not stale", codes: map[int]uint16{radarAge: 3},
			before: []rows{{n: 20, loss: 0.4, codes: map[int]uint16{radarAge: 4}}}, want: []string{"radar.staleness no row"}},
		{name: "new schema", codes: map[int]uint16{fileSchema: 7}, want: []string{"predictions.schema 0007"}},
		{name: "schema seen at all", codes: map[int]uint16{fileSchema: 7}, share: 1},
		{name: "no outcome yet", codes: map[int]uint16{outcomeState: 1}},
		{name: "corrected outcomes", codes: map[int]uint16{outcomeState: 2}, want: []string{"outcomes.outcome corrected"}},
	} {
		if got := levelsFound(t, c.codes, c.share, c.before...); !slices.Equal(got, c.want) {
			t.Errorf("%s: listed %q, want %q", c.name, got, c.want)
		}
	}
}

// A handful of rows with a level that the baseline lacks is no finding; one broken promise is.
func TestHandful(t *testing.T) {
	for _, c := range []struct {
		name  string
		codes map[int]uint16
		want  int
	}{
		{"inferred", map[int]uint16{tempValue: 1}, 0},
		{"contract", map[int]uint16{weatherAge: 1}, 1},
	} {
		b := quiet(t).add(rows{day: boundary - 3, n: 6, loss: 0.4, segment: "a", codes: c.codes})
		e := newAlike(b.cube).Evaluate(question())
		if len(e.Findings) != c.want {
			t.Errorf("%s: %d findings of 6 rows in 1400, want %d", c.name, len(e.Findings), c.want)
		}
		if term(&e, ToUnseparated).To != "" {
			t.Errorf("%s: 6 rows hide population from model", c.name)
		}
	}
}

// A share that swings in the baseline as much as in the window is no finding, however many rows it has.
func TestSwingingShareIsNoFinding(t *testing.T) {
	b := newBuilder(t)
	for d := boundary - 35; d < boundary; d++ {
		b.add(rows{day: d, n: 10000, loss: 0.4})
		if d%7 == 0 {
			b.add(rows{day: d, n: 600, loss: 0.4, codes: map[int]uint16{tempValue: 1}})
		}
	}
	if e := newAlike(b.cube).Evaluate(question()); len(e.Findings) != 0 {
		t.Errorf("findings %+v, want none", e.Findings)
	}
}
