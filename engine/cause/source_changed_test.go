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
		}), "source.changed likely map[what:scale] [20, )"},
		{"a cold spell", since20(func(d *SourceDay) { d.Values[0].Spread = evenly(38, 4) }), ""},
		{"a shift that no unit makes", since20(func(d *SourceDay) { d.Values[0].Spread = evenly(100, 4) }), ""},
		{"times four", since20(func(d *SourceDay) {
			for q := range d.Values[0].Spread {
				d.Values[0].Spread[q] *= 4.2
			}
		}), "source.changed likely map[what:scale] [20, )"},
		{"codes renamed", since20(func(d *SourceDay) { d.Values[1].Categories = []Count{{"CLR", 60}, {"RA", 40}} }), "source.changed likely map[what:codes] [20, )"},
		{"a rare new code", since20(func(d *SourceDay) { d.Values[1].Categories = []Count{{"clear", 60}, {"rain", 30}, {"snow", 10}} }), ""},
		{"thinned", since20(func(d *SourceDay) { d.Rows, d.Keys = 40, 40 }), "source.changed likely map[what:rows] [20, )"},
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
		got := inWords(ChangedClaims(daysOf(25, test.change), begin, begin+25))
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
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
		if got := inWords(ChangedClaims(s, begin, boundary)); got != want {
			t.Errorf("boundary %d: %q, want %q", boundary-begin, got, want)
		}
	}
	if got := inWords(ChangedClaims(s, begin+30, begin+40)); got != "" {
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
			if got := inWords(ChangedClaims(s, begin, b)); got != "" {
				t.Errorf("x %g a day, boundary %d: %q, want nothing", factor, b-begin, got)
			}
		}
	}
}
