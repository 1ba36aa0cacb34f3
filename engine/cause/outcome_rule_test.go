package cause

import (
	"testing"
)

// ruledBy is 25 days of 120 outcomes, one for each number from -29 to 90, known at 06:00; 1 above 15. Each may change.
func ruledBy(change func(day, number int, one bool) bool) *OutcomeHistory {
	o := known(25, func(int, *OutcomeDay) {})
	o.Columns, o.Rivals = []string{"delay_min"}, []string{"over_30"}
	for day := range 25 {
		d := LabelledDay{Day: begin + Day(day), Rows: 120, Columns: make([]Parted, 1), Rivals: make([]Rival, 1), Bins: make([][]Bin, 1)}
		for number := -29; number <= 90; number++ {
			one := change(day, number, number > 15)
			b := Bin{One: one, Rows: 1, Low: float64(number), High: float64(number), EventFirst: at(day-1, 12), Agrees: []int64{0}}
			d.Rivals[0].Rows++
			if one == (number > 30) {
				b.Agrees[0] = 1
			} else {
				d.Rivals[0].Differs++
			}
			d.Bins[0] = append(d.Bins[0], b)
		}
		o.Labels = append(o.Labels, d)
	}
	return o
}

func TestRuled(t *testing.T) {
	// For a part of the days' numbers: every second, third and so on.
	since20 := func(part int, as func(number int) bool) func(int, int, bool) bool {
		return func(day, number int, one bool) bool {
			if day >= 20 && number%part == 0 {
				return as(number)
			}
			return one
		}
	}
	tests := []struct {
		name   string
		change func(day, number int, one bool) bool
		want   string
	}{
		{"nothing", since20(1, func(n int) bool { return n > 15 }), ""},
		{"over 40, for all", since20(1, func(n int) bool { return n > 40 }),
			"outcome.redefined proven map[column:delay_min from:delay_min > 15 threshold:40 to:delay_min > 40 was:15] [19 02:00, )"},
		{"over 40, for half", since20(2, func(n int) bool { return n > 40 }),
			"outcome.redefined proven map[column:delay_min from:delay_min > 15 threshold:40 to:delay_min > 40 was:15] [19 02:00, )"},
		{"over 30: a rival's", since20(1, func(n int) bool { return n > 30 }),
			"outcome.redefined proven map[column:delay_min from:delay_min > 15 name:over_30 threshold:30 to:delay_min > 30 was:15] [19 02:00, )"},
		// Of the halved numbers -8 is the least that became 1, and -9 is 0.
		{"over -10, for half", since20(2, func(n int) bool { return n > -10 }),
			"outcome.redefined proven map[column:delay_min from:delay_min > 15 threshold:-9 to:delay_min > -9 was:15] [19 02:00, )"},
		{"the other sign, for a third", since20(3, func(n int) bool { return -n > 15 }),
			"outcome.redefined proven map[column:delay_min from:delay_min > 15 sign:-1 to:delay_min <= -18] [19 02:00, )"},
		{"0 and 1 change places", since20(1, func(n int) bool { return n <= 15 }),
			"outcome.redefined proven map[column:delay_min from:delay_min > 15 to:delay_min <= 15] [19 02:00, )"},
		{"every fifth says the contrary: no rule", since20(5, func(n int) bool { return n <= 15 }),
			"outcome.redefined likely map[column:delay_min from:delay_min > 15] [19 02:00, )"},
		// Nine a day, where there were none: they say that it is not the rival, which would have taken those over 24 too.
		{"over 24", since20(1, func(n int) bool { return n > 24 }),
			"outcome.redefined proven map[column:delay_min from:delay_min > 15 threshold:24 to:delay_min > 24 was:15] [19 02:00, )"},
		{"over 18: three a day", since20(1, func(n int) bool { return n > 18 }),
			"outcome.redefined proven map[column:delay_min from:delay_min > 15 threshold:18 to:delay_min > 18 was:15] [19 02:00, )"},
		{"over 17: two a day are too few", since20(1, func(n int) bool { return n > 17 }), ""},
		{"over 18 on three days: nine are too few", func(day, number int, one bool) bool {
			return one && (day < 20 || day > 22 || number > 18)
		}, ""},
		{"some always say the contrary: no rule is learnt", func(day, number int, one bool) bool {
			if number%50 == 0 {
				return !one
			}
			return one && (day < 20 || number > 40)
		}, ""},
		{"one day", func(day, number int, one bool) bool { return one && (day != 20 || number > 40) }, ""},
	}
	for _, test := range tests {
		event := ""
		if test.want != "" {
			event = "19 12:00"
		}
		checkEvents(t, test.name, RedefinedClaims(ruledBy(test.change), begin, begin+25), test.want, event)
	}
}

// TestLearnt: numbers 1 2 3 are 0, 5 6 are 1, but for one of 4 rows with a 2.
func TestLearnt(t *testing.T) {
	bins := []Bin{{Rows: 4, Low: 1, High: 3}, {One: true, Rows: 1, Low: 2, High: 2}, {One: true, Rows: 5, Low: 5, High: 6}}
	if got, ok := learnt(bins); !ok || got != (rule{low: 3, high: 5, errors: 1, rows: 10}) {
		t.Errorf("%+v, %v", got, ok)
	}
	if !TellsLabels(bins) {
		t.Error("they tell the outcomes")
	}
	for name, bins := range map[string][]Bin{
		"nothing":               nil,
		"zeros alone":           {{Rows: 4, Low: 1, High: 3}},
		"as many on both sides": {{Rows: 4, Low: 1, High: 3}, {One: true, Rows: 3, Low: 1, High: 3}, {Rows: 4, Low: 7, High: 8}, {One: true, Rows: 4, Low: 7, High: 8}},
	} {
		if TellsLabels(bins) {
			t.Errorf("%s: tells no outcomes", name)
		}
	}
}
