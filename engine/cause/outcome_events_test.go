package cause

import (
	"testing"
)

// landings is 25 days of 240 events, ten an hour, known at 06:00 of the next day. Each ten may change.
func landings(change func(day, hour int, e *Event)) *OutcomeHistory {
	o := known(25, func(int, *OutcomeDay) {})
	for day := range 25 {
		for hour := range 24 {
			e := Event{Happened: at(day, float64(hour)), Known: at(day+1, 6), Rows: 10}
			if change(day, hour, &e); e.Rows > 0 {
				o.Events = append(o.Events, e)
			}
		}
	}
	return o
}

func TestStoppedEvents(t *testing.T) {
	none := func(from int, gone func(day, hour int) bool) func(int, int, *Event) {
		return func(day, hour int, e *Event) {
			if day >= from && gone(day, hour) {
				e.Rows = 0
			}
		}
	}
	evening := func(_, hour int) bool { return hour >= 18 }
	tests := []struct {
		name     string
		change   func(day, hour int, e *Event)
		boundary int
		want     string
		event    string
	}{
		{"nothing", func(int, int, *Event) {}, 25, "", ""},
		// Events happen four hours and ten minutes after the prediction.
		{"none after 18:00", none(19, evening), 25, "outcome.truncated proven map[after_s:64800 of:day] [19 13:00, )", "19 18:00"},
		{"none after 18:00, from 20:00 on", none(19, func(day, hour int) bool { return evening(day, hour) && (day > 19 || hour >= 20) }), 25,
			"outcome.truncated proven map[after_s:64800 of:day] [19 15:00, )", "19 20:00"},
		{"over midnight", none(19, func(_, hour int) bool { return hour >= 22 || hour < 3 }), 25,
			"outcome.truncated proven map[after_s:79200 of:day until_s:10800] [18 19:00, )", "19"},
		{"the horizon is not over", none(19, evening), 22, "outcome.truncated likely map[after_s:64800 of:day] [19 13:00, )", "19 18:00"},
		{"one day so far", none(19, evening), 21, "", ""},
		{"two hours: too few", none(19, func(_, hour int) bool { return hour >= 22 }), 25, "", ""},
		{"nine in ten of them", func(day, hour int, e *Event) {
			if day >= 19 && hour >= 18 {
				e.Rows = 1
			}
		}, 25, "", ""},
		{"they come late", func(day, hour int, e *Event) {
			if day >= 19 && hour >= 18 {
				e.Known = at(day+3, 6)
			}
		}, 25, "", ""},
		{"a day that ended early, once before", func(day, hour int, e *Event) {
			if (day == 9 || day >= 19) && hour >= 18 {
				e.Rows = 0
			}
		}, 25, "", ""},
		{"for three days", none(19, func(day, hour int) bool { return day < 22 && hour >= 18 }), 25,
			"outcome.truncated proven map[after_s:64800 of:day] [19 13:00, 22)", "19 18:00"},
		{"evenings that fade: no clean cut", func(day, hour int, e *Event) {
			if day >= 19 && hour >= 16 {
				e.Rows = max(0, int64(18-hour)*2)
			}
		}, 25, "outcome.truncated likely map[after_s:64800 of:day] [19 13:00, )", "19 18:00"},
	}
	for _, test := range tests {
		checkEvents(t, test.name, TruncatedClaims(landings(test.change), begin, begin+Day(test.boundary)), test.want, test.event)
	}
}
