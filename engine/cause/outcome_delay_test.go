package cause

import (
	"testing"
	"time"
)

// loaded is 25 days of 240 outcomes, ten an hour, predicted four hours before, and known at 06:00 of the day after; of each ten
// some come later, by some hours.
func loaded(late func(day, hour int) (rows int64, hours int)) *OutcomeHistory {
	o := known(25, func(int, *OutcomeDay) {})
	for day := range 25 {
		for hour := range 24 {
			rows, by := late(day, hour)
			happened := at(day, float64(hour))
			add := func(rows int64, known time.Time) {
				if rows > 0 {
					o.Events = append(o.Events, Event{Happened: happened, Known: known, Rows: rows})
					o.Arrivals = append(o.Arrivals, Arrival{Predicted: happened.Add(-4 * time.Hour), Known: known, Rows: rows})
				}
			}
			add(10-rows, at(day+1, 6))
			add(rows, at(day+1, 6+float64(by)))
		}
	}
	return o
}

func TestDelayed(t *testing.T) {
	from := func(day, hour int, rows int64, by func(day, hour int) int) func(int, int) (int64, int) {
		return func(d, h int) (int64, int) {
			if d*24+h >= day*24+hour {
				return rows, by(d, h)
			}
			return 0, 0
		}
	}
	twoDays := func(int, int) int { return 48 }
	tests := []struct {
		name  string
		late  func(day, hour int) (int64, int)
		want  string
		event string
	}{
		{"nothing", from(0, 0, 0, twoDays), "", ""},
		// Late ones of the event of day 18, 14:00, come on day 21; predictions were made 4:10 before.
		{"two in ten, two days later", from(18, 14, 2, twoDays), "outcome.late proven map[lag_s:172800] [18 09:00, )", "18 14:00"},
		{"all", from(18, 14, 10, twoDays), "outcome.late proven map[lag_s:172800] [18 09:00, )", "18 14:00"},
		{"two in ten, as ever", from(0, 0, 2, twoDays), "", ""},
		// They wait 59 hours, more than 36, from day 21 on: since the events of day 19, 12:00, for all that is told.
		{"later by as many hours as the day has", from(18, 14, 2, func(d, h int) int { return 25 + h }), "outcome.late likely [19 07:00, )", ""},
		{"an odd day", func(d, h int) (int64, int) {
			if d == 18 {
				return 10, 48
			}
			return 0, 0
		}, "", ""},
		{"not come yet", from(22, 0, 2, twoDays), "", ""},
		{"the tenth that came a day later before comes two days later: ten of 240 more", func(d, h int) (int64, int) {
			if d >= 18 && h == 3 {
				return 10, 48
			}
			return 1, 24
		}, "", ""},
	}
	for _, test := range tests {
		checkEvents(t, test.name, LateClaims(loaded(test.late), begin, begin+25), test.want, test.event)
	}
}

// TestSomeDelayed: each day some 100 of 2400 outcomes come a day later, now ten more, now ten less; from the 19th day on some more do.
func TestSomeDelayed(t *testing.T) {
	late := func(more func(day, hour int) int64) func(day, hour int) (int64, int) {
		return func(day, hour int) (int64, int) {
			n := int64(0)
			if hour%2 == 0 && hour > day%3 {
				n = 1
			}
			return n + more(day, hour), 24
		}
	}
	since := func(day int, rows int64) func(day, hour int) (int64, int) {
		return late(func(d, h int) int64 {
			if d >= day && h%4 == 1 {
				return rows
			}
			return 0
		})
	}
	for _, test := range []struct {
		name  string
		late  func(day, hour int) (int64, int)
		want  string
		event string
	}{
		{"as ever", since(99, 0), "", ""},
		{"half as many again", since(18, 1), "outcome.late likely map[lag_s:86400] [17 20:00, )", "18 01:00"},
		{"three days are too few", since(19, 1), "", ""},
		{"three days of them", late(func(d, h int) int64 {
			if d >= 15 && d < 18 && h%4 == 1 {
				return 1
			}
			return 0
		}), "", ""},
		{"a quarter more", late(func(d, h int) int64 {
			if d >= 18 && h%8 == 1 {
				return 1
			}
			return 0
		}), "", ""},
	} {
		o := loaded(test.late)
		for i := range o.Events {
			o.Events[i].Rows *= 10
			o.Arrivals[i].Rows *= 10
		}
		checkEvents(t, test.name, LateClaims(o, begin, begin+25), test.want, test.event)
	}
}
