package cause

import "testing"

// labelledBy is a history of 25 days whose label is told by a number: 1 above 15. Numbers lie on whole minutes, a few of them missing
// a day, so that each day alone leaves the threshold open: 13 to 15 below, 16 to 18 above.
func labelledBy(change func(day int, p *Parted, r *Rival)) *OutcomeHistory {
	o := known(25, func(int, *OutcomeDay) {})
	o.Columns, o.Rivals = []string{"delay_min"}, []string{"over_20"}
	for day := range 25 {
		p := Parted{Zeros: 160, Ones: 40, MinZero: -20, MaxZero: 15 - float64(day%3), MinOne: 16 + float64(day%2), MaxOne: 300}
		// The rival calls one late after 20 minutes: it differs on the 8 of 200 between.
		r := Rival{Rows: 200, Differs: 8}
		change(day, &p, &r)
		o.Labels = append(o.Labels, LabelledDay{Day: begin + Day(day), Rows: 200, Columns: []Parted{p}, Rivals: []Rival{r}})
	}
	return o
}

func TestRedefined(t *testing.T) {
	since20 := func(change func(p *Parted, r *Rival)) func(int, *Parted, *Rival) {
		return func(day int, p *Parted, r *Rival) {
			if day >= 20 {
				change(p, r)
			}
		}
	}
	tests := []struct {
		name   string
		change func(int, *Parted, *Rival)
		want   string
	}{
		{"nothing", since20(func(*Parted, *Rival) {}), ""},
		{"threshold at 30", since20(func(p *Parted, _ *Rival) { p.MaxZero, p.MinOne = 30, 31 }),
			"outcome.redefined proven map[from:delay_min > 15 to:delay_min > 30] [19 02:00, )"},
		{"threshold at 10", since20(func(p *Parted, _ *Rival) { p.MaxZero, p.MinOne = 10, 11 }),
			"outcome.redefined proven map[from:delay_min > 15 to:delay_min > 10] [19 02:00, )"},
		{"turned", since20(func(p *Parted, _ *Rival) {
			*p = Parted{Zeros: 40, Ones: 160, MinZero: 16, MaxZero: 300, MinOne: -20, MaxOne: 15}
		}),
			"outcome.redefined proven map[from:delay_min > 15 to:delay_min <= 15] [19 02:00, )"},
		{"one odd row", since20(func(p *Parted, _ *Rival) { p.MaxZero = 40 }), ""},
		{"one day", func(day int, p *Parted, _ *Rival) {
			if day == 20 {
				p.MaxZero, p.MinOne = 30, 31
			}
		}, ""},
		{"not told by it before", func(day int, p *Parted, _ *Rival) {
			if p.MaxZero = 60; day >= 20 {
				p.MaxZero, p.MinOne = 30, 31
			}
		}, ""},
		{"wherever the days' numbers leave it open", func(day int, p *Parted, _ *Rival) { p.MaxZero, p.MinOne = 15-float64(day%9), 16+float64(day%7) }, ""},
		{"the rival's meaning", since20(func(p *Parted, r *Rival) { p.MaxZero, p.MinOne, r.Differs = 20, 21, 0 }),
			"outcome.redefined proven map[from:delay_min > 15 name:over_20 to:delay_min > 20] [19 02:00, )"},
		{"the rival, by chance for a day", func(day int, _ *Parted, r *Rival) {
			if day == 20 {
				r.Differs = 0
			}
		}, ""},
		{"the rival never differs", func(_ int, _ *Parted, r *Rival) { r.Differs = 0 }, ""},
	}
	for _, test := range tests {
		if got := inWords(RedefinedClaims(labelledBy(test.change), begin, begin+25)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestTurned: without a number to tell it by, a label whose zeros became ones is likely at most.
func TestTurned(t *testing.T) {
	positives := func(n int64) func(int, *OutcomeDay) {
		return func(day int, d *OutcomeDay) {
			if day >= 20 {
				d.Positives = n
			}
		}
	}
	for n, want := range map[int64]string{
		158: "outcome.redefined likely map[name:turned] [19 02:00, )",
		80:  "", // a bad week
		180: "", // more than the zeros ever were
	} {
		if got := inWords(RedefinedClaims(known(25, positives(n)), begin, begin+25)); got != want {
			t.Errorf("%d of 200: %q, want %q", n, got, want)
		}
	}
}

// TestValueRescaled: a quantity that came in minutes and comes in hours.
func TestValueRescaled(t *testing.T) {
	for factor, want := range map[float64]string{
		1.0 / 60: "outcome.redefined likely map[unit:seconds to minutes] [19 02:00, )",
		1.5:      "",
	} {
		o := known(25, func(day int, d *OutcomeDay) {
			if day >= 20 {
				for q := range d.Value {
					d.Value[q] *= factor
				}
			}
		})
		o.Binary = false
		if got := inWords(RedefinedClaims(o, begin, begin+25)); got != want {
			t.Errorf("x %g: %q, want %q", factor, got, want)
		}
	}
}
