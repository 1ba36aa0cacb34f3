package cause

import (
	"testing"
	"time"
)

// TestEvenings: of 50 predictions an hour, of 24 days, for events from one to three hours later, one a day never gets an
// outcome; and from day 16 on some of those of some hours.
func TestEvenings(t *testing.T) {
	world := func(lost func(day, hour int) int64) *OutcomeHistory {
		o := &OutcomeHistory{Horizon: 72 * time.Hour, KnownAt: true, Binary: true, Reach: 28}
		for day := range 24 {
			for hour := range 24 {
				gone := lost(day, hour)
				if hour == 7 {
					gone++
				}
				w := Wait{Day: begin + Day(day), Hour: int8(hour), Known: begin + Day(day) + 1, Timely: true, Rows: 50 - gone}
				o.Waits = append(o.Waits, w)
				if gone > 0 {
					o.Waits = append(o.Waits, Wait{Day: w.Day, Hour: w.Hour, Rows: gone})
				}
			}
			for quarter := int64(4); quarter < 12; quarter++ {
				o.Aheads = append(o.Aheads, Ahead{Day: begin + Day(day), Quarter: quarter, Rows: 100})
			}
		}
		return o
	}
	tests := []struct {
		name string
		lost func(day, hour int) int64
		want string
	}{
		{"nothing", func(int, int) int64 { return 0 }, ""},
		// Of those predicted from 17:00 to 21:00 all events fall into the time from 18:00 to midnight; of the hours 15, 16, 21 and 22
		// it is 6, 22, 26 and 10 in 32, by quarters of an hour.
		{"an eighth of the events from 18:00 on", func(day, hour int) int64 {
			return map[bool][24]int64{true: {15: 1, 16: 4, 17: 6, 18: 6, 19: 6, 20: 6, 21: 5, 22: 2}}[day >= 16][hour]
		}, "outcome.truncated likely map[after_s:64800 of:day] [16 15:00, )"},
		{"a fifth of all", func(day, _ int) int64 {
			if day >= 16 {
				return 10
			}
			return 0
		}, "outcome.truncated likely [16, )"},
		{"two days", func(day, hour int) int64 {
			if day >= 16 && day < 18 && hour >= 16 {
				return 5
			}
			return 0
		}, ""},
		{"a fiftieth", func(day, hour int) int64 {
			if day >= 16 && hour >= 16 {
				return 1
			}
			return 0
		}, "outcome.truncated likely [16 16:00, )"},
		{"as ever", func(_, hour int) int64 {
			if hour >= 16 {
				return 5
			}
			return 0
		}, ""},
	}
	for _, test := range tests {
		if got := inWords(TruncatedClaims(world(test.lost), begin, begin+24)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestCameHours: of a hundred events due in each hour 70 came from one on, or all, or a few less by chance.
func TestCameHours(t *testing.T) {
	for _, tt := range []struct {
		name string
		came func(hour int) float64
		want int
	}{
		{"all", func(int) float64 { return 100 }, -1},
		{"more", func(int) float64 { return 130 }, -1},
		{"70 from 18:00 on", func(hour int) float64 { return map[bool]float64{true: 70, false: 100}[hour >= 18] }, 18},
		{"none from 23:00 on", func(hour int) float64 { return map[bool]float64{true: 0, false: 100}[hour >= 23] }, 23},
		{"95 from 18:00 on: a bad evening", func(hour int) float64 { return map[bool]float64{true: 95, false: 100}[hour >= 18] }, -1},
	} {
		var c cameHours
		for hour := range 24 {
			c.due[hour], c.now[hour] = 100, tt.came(hour)
		}
		if got := c.best(); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}
