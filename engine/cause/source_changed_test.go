package cause

import "testing"

// days builds a source with one number (value 0) and one text (value 1) of 100 rows a day, and lets each change a day.
func daysOf(n int, change func(day int, d *SourceDay)) *SourceHistory {
	s := &SourceHistory{Name: "weather", Features: []string{"temp", "sky"}, Values: []ValueOf{{Features: []string{"temp"}, Number: true}, {Features: []string{"sky"}, Text: true}}}
	for day := range n {
		d := SourceDay{Day: begin + Day(day), Rows: 100, Keys: 100, Values: []ValueDay{
			// 50 to 56 degrees at the median, two steps of 4 either way; two nulls in a hundred
			{Nulls: 2, Numbers: 98, Spread: evenly(50+float64(day%4)*2, 4)},
			{Categories: []Count{{"clear", 60}, {"rain", 40}}},
		}}
		change(day, &d)
		s.Days = append(s.Days, d)
	}
	return s
}

func TestChanged(t *testing.T) {
	since20 := func(change func(d *SourceDay)) func(int, *SourceDay) {
		return func(day int, d *SourceDay) {
			if day >= 20 {
				change(d)
			}
		}
	}
	on20 := func(change func(d *SourceDay)) func(int, *SourceDay) {
		return func(day int, d *SourceDay) {
			if day == 20 {
				change(d)
			}
		}
	}
	tests := []struct {
		name   string
		change func(int, *SourceDay)
		want   string
	}{
		{"nothing", since20(func(*SourceDay) {}), ""},
		{"a third is null", since20(func(d *SourceDay) { d.Values[0].Nulls = 33 }), "source.changed likely map[what:nulls] [20, )"},
		{"a few nulls more", since20(func(d *SourceDay) { d.Values[0].Nulls = 6 }), ""},
		{"one day of nulls", on20(func(d *SourceDay) { d.Values[0].Nulls = 100 }), ""},
		{"°F to °C", since20(func(d *SourceDay) {
			for q := range d.Values[0].Spread {
				d.Values[0].Spread[q] = (d.Values[0].Spread[q] - 32) / 1.8
			}
		}), "source.changed likely map[offset:-17.7778 scale:0.555556 what:scale] [20, )"},
		{"a cold spell", since20(func(d *SourceDay) { d.Values[0].Spread = evenly(38, 4) }), ""},
		{"a shift that no unit makes", since20(func(d *SourceDay) { d.Values[0].Spread = evenly(100, 4) }), ""},
		{"times four", since20(func(d *SourceDay) {
			for q := range d.Values[0].Spread {
				d.Values[0].Spread[q] *= 4.2
			}
		}), "source.changed likely map[offset:0 scale:3.95027 what:scale] [20, )"},
		{"codes renamed", since20(func(d *SourceDay) { d.Values[1].Categories = []Count{{"CLR", 60}, {"RA", 40}} }), "source.changed likely map[what:codes] [20, )"},
		{"a rare new code", since20(func(d *SourceDay) { d.Values[1].Categories = []Count{{"clear", 60}, {"rain", 30}, {"snow", 10}} }), ""},
		{"thinned", since20(func(d *SourceDay) { d.Rows, d.Keys = 40, 40 }), "source.changed likely map[factor:0.4 what:rows] [20, )"},
		{"a quiet week", since20(func(d *SourceDay) { d.Rows, d.Keys = 60, 60 }), ""},
		{"growth", since20(func(d *SourceDay) { d.Rows, d.Keys = 400, 400 }), ""},
		{"each row twice", since20(func(d *SourceDay) { d.Rows = 200 }), "source.changed likely map[what:duplicates] [20, )"},
		{"nulls and codes, for three days", func(day int, d *SourceDay) {
			if day >= 20 && day < 23 {
				d.Values[0].Nulls = 50
				d.Values[1].Categories = []Count{{"CLR", 100}}
			}
		}, "source.changed likely map[what:nulls, codes] [20, 23)"},
	}
	for _, test := range tests {
		got := inWords(Walk(daysOf(25, test.change)).ChangedClaims(nil, begin, begin+25))
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestStretched: delays lie on both sides of zero and vary from day to day, so that minutes that become hours never leave the
// range that they had; that they lie closer together than ever does.
func TestStretched(t *testing.T) {
	delays := func(day int) Quantiles { return Quantiles{-24, -11, -3, 7 + float64(day%5)*6, 40 + float64(day%5)*20} }
	by := func(factor float64) func(q Quantiles) Quantiles {
		return func(q Quantiles) Quantiles {
			for i := range q {
				q[i] *= factor
			}
			return q
		}
	}
	tests := []struct {
		name   string
		change func(q Quantiles) Quantiles
		want   string
	}{
		{"hours", by(1.0 / 60), "source.changed likely map[offset:0 scale:0.0166667 what:scale] [20, )"},
		{"seconds", by(60), "source.changed likely map[offset:0 scale:60 what:scale] [20, )"},
		{"a bad week", func(q Quantiles) Quantiles { return Quantiles{-20, -5, 15, 90, 250} }, ""},
		{"a calm week", by(0.5), ""},
		{"all on time", func(Quantiles) Quantiles { return Quantiles{0, 0, 0, 0, 1} }, ""},
		{"only the middle is near", func(q Quantiles) Quantiles { return Quantiles{q[0], -0.2, 0, 0.1, q[4]} }, ""},
		{"another form", func(Quantiles) Quantiles { return Quantiles{1, 1.1, 1.2, 1.3, 1.4} }, ""},
	}
	for _, test := range tests {
		s := daysOf(25, func(day int, d *SourceDay) {
			d.Values[0].Spread = delays(day)
			if day >= 20 {
				d.Values[0].Spread = test.change(d.Values[0].Spread)
			}
		})
		if got := inWords(Walk(s).ChangedClaims(nil, begin, begin+25)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestThinned: a source that rests at the weekend is held against the same days of the week; a holiday, or a day in two of
// which half is left, is no thinning.
func TestThinned(t *testing.T) {
	week := func(day int) float64 {
		if day%7 >= 5 {
			return 1600
		}
		return 2500
	}
	tests := []struct {
		name  string
		share func(day int) float64
		want  string
	}{
		{"half", func(day int) float64 { return 0.52 }, "source.changed likely map[factor:0.52 what:rows] [20, )"},
		{"two thirds", func(day int) float64 { return 0.66 }, ""},
		{"every other day", func(day int) float64 { return 1 - 0.5*float64(day%2) }, ""},
	}
	for _, test := range tests {
		s := daysOf(25, func(day int, d *SourceDay) {
			n := week(day)
			if day >= 20 {
				n *= test.share(day)
			}
			d.Rows, d.Keys = int64(n), int64(n)
			d.Values[0].Nulls = 0
			d.Values[1].Categories = nil
		})
		if got := inWords(Walk(s).ChangedClaims(nil, begin, begin+25)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestBeganInTheDay: the hours around the first day tell when it was that rows were halved, held no value, or were of another
// unit; a boundary sees no hour that lies after it.
func TestBeganInTheDay(t *testing.T) {
	const onset = 20*24 + 14
	build := func(change func(h *SourceHour, d *SourceDay)) *SourceHistory {
		s := daysOf(25, func(day int, d *SourceDay) {
			d.Rows, d.Keys, d.Values[0], d.Values[1] = 0, 0, ValueDay{}, ValueDay{}
		})
		for i := range 25 * 24 {
			h := SourceHour{Hour: at(0, float64(i)), Rows: 20, Values: []ValueHour{{Numbers: 20, Spread: Quantiles{-20, -10, 0, 10, 40}}, {}}}
			d := &s.Days[i/24]
			if i >= onset {
				change(&h, d)
			}
			d.Rows += h.Rows
			d.Keys += h.Rows
			d.Values[0].Nulls += h.Values[0].Nulls
			d.Values[0].Numbers += h.Values[0].Numbers
			if i/24 != onset/24 || i >= onset { // of the mixed day what counts is that it is neither
				d.Values[0].Spread = h.Values[0].Spread
			}
			s.Hours = append(s.Hours, h)
		}
		return s
	}
	tests := []struct {
		name   string
		change func(h *SourceHour, d *SourceDay)
		want   string
	}{
		{"halved", func(h *SourceHour, _ *SourceDay) { h.Rows, h.Values[0].Numbers = 10, 10 }, "source.changed likely map[factor:0.5 what:rows] [20 14:00, )"},
		{"nulls", func(h *SourceHour, _ *SourceDay) { h.Values[0].Nulls, h.Values[0].Numbers = 8, 12 }, "source.changed likely map[what:nulls] [20 14:00, )"},
		{"hours", func(h *SourceHour, _ *SourceDay) {
			for q := range h.Values[0].Spread {
				h.Values[0].Spread[q] /= 60
			}
		}, "source.changed likely map[offset:0 scale:0.0166667 what:scale] [20 14:00, )"},
	}
	for _, test := range tests {
		s := build(test.change)
		if got := inWords(Walk(s).ChangedClaims(nil, begin, begin+25)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		cut := *s
		cut.Hours = cut.Hours[:24*24]
		if a, b := inWords(Walk(s).ChangedClaims(nil, begin, begin+24)), inWords(Walk(&cut).ChangedClaims(nil, begin, begin+24)); a != b {
			t.Errorf("%s: with later hours %q, without %q", test.name, a, b)
		}
	}
}

// TestChangedWaits: nothing is claimed before a break has held for days, nor of one that was over before the days asked about.
func TestChangedWaits(t *testing.T) {
	s := daysOf(40, func(day int, d *SourceDay) {
		if day >= 20 && day < 23 {
			d.Values[0].Nulls = 50
		}
	})
	for boundary, want := range map[Day]string{
		begin + 21: "", begin + 22: "source.changed likely map[what:nulls] [20, )", begin + 40: "source.changed likely map[what:nulls] [20, 23)",
	} {
		if got := inWords(Walk(s).ChangedClaims(nil, begin, boundary)); got != want {
			t.Errorf("boundary %d: %q, want %q", boundary-begin, got, want)
		}
	}
	if got := inWords(Walk(s).ChangedClaims(nil, begin+30, begin+40)); got != "" {
		t.Errorf("%q of days asked about later, want nothing", got)
	}
}

// TestGrowth: a number that doubles from day to day, as an epidemic does, is of no other unit.
func TestGrowth(t *testing.T) {
	for _, factor := range []float64{1.1, 1.5, 2, 2.2, 3} {
		size := 1.0
		s := daysOf(28, func(day int, d *SourceDay) {
			if day >= 18 {
				size *= factor
			}
			for q := range d.Values[0].Spread {
				d.Values[0].Spread[q] *= size
			}
		})
		for b := begin; b <= begin+28; b++ {
			if got := inWords(Walk(s).ChangedClaims(nil, begin, b)); got != "" {
				t.Errorf("x %g a day, boundary %d: %q, want nothing", factor, b-begin, got)
			}
		}
	}
}

// TestFewerAskedFor: a source that brings 40 of 100 rows is thinned, unless as much less was asked for, or about: then the world became
// smaller. Where the days before are not known, nobody can tell, and it is said.
func TestFewerAskedFor(t *testing.T) {
	s := daysOf(25, func(day int, d *SourceDay) {
		if day >= 20 {
			d.Rows, d.Keys = 40, 40
		}
	})
	for _, test := range []struct {
		name  string
		since Day
		asked int64 // predictions an hour from day 20 on, 10 before
		found bool
	}{
		{"as many asked for", begin, 10, true}, {"more", begin, 20, true}, {"a little less", begin, 7, true}, {"half", begin, 5, false},
		{"as much less", begin, 4, false}, {"none", begin, 0, false}, {"days before unknown", begin + 14, 4, true},
	} {
		var asked []Asked
		for day := range 25 {
			for hour := range 24 {
				rows := int64(10)
				if day >= 20 {
					rows = test.asked
				}
				asked = append(asked, Asked{Hour: at(day, float64(hour)), Rows: rows})
			}
		}
		want := ""
		if test.found {
			want = "source.changed likely map[factor:0.4 what:rows] [20, )"
		}
		if got := inWords(Walk(s).ChangedClaims(asked, test.since, begin+25)); got != want {
			t.Errorf("%s: %q, want %q", test.name, got, want)
		}
	}
}
