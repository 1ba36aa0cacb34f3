package cause

import (
	"testing"
	"time"
)

// aheads is 25 days of 220 outcomes that became known at 06:00: from one hour to six after the prediction, in quarters; more of
// them the shorter. Each day may have more.
func aheads(more func(day int) []Ahead) *OutcomeHistory {
	o := known(25, func(int, *OutcomeDay) {})
	for day := range 25 {
		for quarter := int64(4); quarter < 24; quarter++ {
			o.Aheads = append(o.Aheads, Ahead{Day: begin + Day(day), Quarter: quarter, Rows: 21 - (quarter - 4), EventFirst: at(day-1, 10)})
		}
		for _, a := range more(day) {
			a.Day = begin + Day(day)
			o.Aheads = append(o.Aheads, a)
		}
	}
	return o
}

func TestStrayed(t *testing.T) {
	// moved is a tenth of a day's outcomes, moved by quarters of an hour from day 19 on, of events at 10:00.
	moved := func(from int, by int64) func(int) []Ahead {
		return func(day int) (all []Ahead) {
			for quarter := int64(4); quarter < 24 && day >= from; quarter++ {
				if rows := (25 - quarter) / 3; rows > 0 {
					all = append(all, Ahead{Quarter: quarter + by, Rows: rows, EventFirst: at(day-1, 10).Add(time.Duration(by) * quarterHour)})
				}
			}
			return all
		}
	}
	tests := []struct {
		name  string
		more  func(int) []Ahead
		want  string
		event string
	}{
		{"nothing", func(int) []Ahead { return nil }, "", ""},
		{"five hours early, a part", moved(19, -20), "outcome.zone_shifted proven map[offsets:[-05:00] zones:[America/Bogota America/Chicago]] [18 05:00, )", "18 10:00"},
		{"five and a half hours late, a part", moved(19, 22), "outcome.zone_shifted proven map[offsets:[+05:30] zones:[Asia/Kolkata]] [18 05:00, )", "18 10:00"},
		{"as ever", moved(0, -20), "", ""},
		{"an hour", moved(19, -4), "", ""},
		{"the last day alone", moved(24, -20), "", ""},
		{"all over the day: no offset brings them back", func(day int) (all []Ahead) {
			for quarter := int64(-40); quarter < 60 && day >= 19; quarter += 4 {
				all = append(all, Ahead{Quarter: quarter, Rows: 4, EventFirst: at(day-1, 10)})
			}
			return all
		}, "", ""},
		// A storm: the later the fewer, at the edge of the range. Two hours bring them all back, but not to where outcomes used to lie.
		{"late at the edge", func(day int) (all []Ahead) {
			for i, rows := range []int64{160, 80, 40, 20, 10, 5} {
				if day >= 19 {
					all = append(all, Ahead{Quarter: 24 + int64(i), Rows: rows, EventFirst: at(day-1, 10)})
				}
			}
			return all
		}, "", ""},
		{"late, one as often as the other", func(day int) (all []Ahead) {
			for quarter := int64(24); quarter < 44 && day >= 23; quarter++ {
				all = append(all, Ahead{Quarter: quarter, Rows: 1, EventFirst: at(day-1, 10)})
			}
			return all
		}, "outcome.zone_shifted likely map[offsets:[+05:00] zones:[Asia/Karachi]] [22, )", "22 05:00"},
		{"all at one place", func(day int) []Ahead {
			if day < 19 {
				return nil
			}
			return []Ahead{{Quarter: -8, Rows: 12, EventFirst: at(day-1, 10)}}
		}, "", ""},
		// Of five hours early the next quarter of an hour is nearly as likely.
		{"a few", func(day int) (all []Ahead) {
			for _, quarter := range []int64{4, 5, 6, 8, 10, 12} {
				if day >= 23 {
					all = append(all, Ahead{Quarter: quarter - 20, Rows: 3, EventFirst: at(day-1, 5)})
				}
			}
			return all
		}, "outcome.zone_shifted likely map[offsets:[-05:00] zones:[America/Bogota America/Chicago]] [22 05:00, )", "22 10:00"},
		{"nine of them", func(day int) []Ahead {
			if day < 19 {
				return nil
			}
			return []Ahead{{Quarter: -8, Rows: 9, EventFirst: at(day-1, 10)}}
		}, "", ""},
	}
	for _, test := range tests {
		checkEvents(t, test.name, ZoneShiftedClaims(aheads(test.more), begin, begin+25), test.want, test.event)
	}
}
