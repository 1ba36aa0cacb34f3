package cause

import (
	"fmt"
	"time"
)

// logic.diverged: business logic re-implemented slightly differently: open for closed bounds, calendar for rolling windows,
// rounding, every version counted, all for distinct, null as 0, another aggregate.

func logicHypotheses(f *Feature) []Hypothesis {
	var all []Hypothesis
	add := func(variant string, rank int, change func(*Hypothesis)) {
		h := f.plain(Logic, variant, rank)
		h.Parameters = map[string]any{"variant": variant}
		change(&h)
		all = append(all, h)
	}
	// instead is another aggregate in place of the declared one.
	instead := func(name string, making Making) {
		add(name, 9, func(h *Hypothesis) { h.Key, h.Making = name+" for "+f.Aggregate, making })
	}
	if f.Number {
		for digits, name := range []string{"rounded to whole numbers", "rounded to 1 decimal", "rounded to 2 decimals", "rounded to 3 decimals"} {
			add(name, 8, func(h *Hypothesis) { h.Making = Making{Made: Rounded, Digits: digits} })
		}
		add("rounded down", 8, func(h *Hypothesis) { h.Making = Making{Made: Floored} })
	}
	if f.Versions && f.timed() {
		add("every version of a row counts", 11, func(h *Hypothesis) { h.Reading.All = true })
	}
	for _, name := range f.Others {
		instead(name, Making{Made: AsFound})
	}
	if !f.Windowed {
		return all
	}
	for made, name := range map[Made]string{Rows: "count(*)", Values: "count", Total: "sum", Mean: "avg", MeanZero: "avg with null as 0"} {
		if f.makes(made) {
			instead(name, Making{Made: made})
		}
	}
	for _, unit := range []struct {
		name   string
		length time.Duration
	}{{"hour", time.Hour}, {"day", whole}, {"week", 7 * whole}} {
		toDate := func(length time.Duration) func(*Hypothesis) {
			return func(h *Hypothesis) { h.Reading.ToDate, h.Reading.Length, h.Reading.Align = unit.name, length, "" }
		}
		add("since the "+unit.name+" began", 11, toDate(unit.length))
		if n := f.Length / unit.length; n > 1 && f.Length%unit.length == 0 {
			add(fmt.Sprintf("last %d %ss, this one included", n, unit.name), 11, toDate(f.Length))
		}
	}
	const tick = time.Microsecond
	add("[t - length, t)", 10, func(h *Hypothesis) { h.Reading.Opens, h.Reading.Closes = tick, tick })
	add("[t - length, t]", 10, func(h *Hypothesis) { h.Reading.Closes = tick })
	add("(t - length, t)", 10, func(h *Hypothesis) { h.Reading.Opens = tick })
	return all
}

// makes tells whether another aggregate can be had from what is kept of the declared one's windows.
func (f *Feature) makes(m Made) bool {
	switch m {
	case Rows:
		return f.Number
	case Values:
		return f.Number && f.Aggregate != "count_distinct" && f.Aggregate != "count"
	case Total:
		return f.Summed && f.Aggregate != "sum"
	case Mean:
		return f.Summed && f.Aggregate != "avg"
	case MeanZero:
		return f.Aggregate == "avg" || f.Aggregate == "sum"
	}
	return false
}
