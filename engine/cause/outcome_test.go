package cause

import (
	"testing"
	"time"
)

// awaited is 20 days of 240 predictions, ten an hour, whose outcomes come the day after, within a horizon of three days; but one
// a day, which never does. Each may change what becomes of the ten of a day and hour.
func awaited(days int, change func(day, hour int, w *Wait)) *OutcomeHistory {
	o := &OutcomeHistory{Horizon: 72 * time.Hour, KnownAt: true, Binary: true}
	for day := range days {
		for hour := range 24 {
			w := Wait{Day: begin + Day(day), Hour: int8(hour), Known: begin + Day(day) + 1, Timely: true, Rows: 10}
			change(day, hour, &w)
			if hour == 23 && w.Timely {
				w.Rows = 9
				o.Waits = append(o.Waits, Wait{Day: w.Day, Hour: w.Hour, Rows: 1})
			}
			o.Waits = append(o.Waits, w)
		}
	}
	return o
}

func late(w *Wait, after Day) { w.Timely, w.Late, w.Known = false, true, w.Day+after }

func never(w *Wait) { w.Timely, w.Known = false, 0 }

func TestLate(t *testing.T) {
	tests := []struct {
		name     string
		change   func(day, hour int, w *Wait)
		boundary int
		want     string
	}{
		{"nothing", func(int, int, *Wait) {}, 20, ""},
		{"a day of which half is late", func(day, hour int, w *Wait) {
			if day == 12 && hour < 12 {
				late(w, 5)
			}
		}, 20, "outcome.late proven map[horizon:3d] [12, 13)"},
		{"not yet come: they may still be in time", func(day, hour int, w *Wait) {
			if day == 12 && hour < 12 {
				late(w, 5)
			}
		}, 15, ""},
		{"a tenth", func(day, hour int, w *Wait) {
			if day >= 12 && hour%10 == 0 {
				late(w, 4)
			}
		}, 20, "outcome.late proven map[horizon:3d] [12, )"},
		{"a tenth, as ever", func(_, hour int, w *Wait) {
			if hour%10 == 0 {
				late(w, 4)
			}
		}, 20, ""},
		{"two late ones", func(day, hour int, w *Wait) {
			if day == 12 && hour == 0 {
				late(w, 4)
			}
		}, 20, ""},
		{"none has come", func(day, _ int, w *Wait) {
			if day >= 12 {
				never(w)
			}
		}, 20, "outcome.late likely [12, )"},
	}
	for _, test := range tests {
		if got := inWords(LateClaims(awaited(20, test.change), begin, begin+Day(test.boundary))); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestTruncated(t *testing.T) {
	tests := []struct {
		name   string
		change func(day, hour int, w *Wait)
		want   string
	}{
		{"nothing", func(int, int, *Wait) {}, ""},
		{"all after 18:00", func(day, hour int, w *Wait) {
			if day >= 12 && hour >= 18 {
				never(w)
			}
		}, "outcome.truncated proven map[hours:[18 19 20 21 22 23]] [12 18:00, )"},
		{"a delay of a day beyond the horizon, of which the newest have not come yet", func(day, hour int, w *Wait) {
			if day >= 12 && hour >= 18 {
				late(w, 5)
			}
		}, ""},
		{"a part of all hours", func(day, hour int, w *Wait) {
			if day >= 12 && hour%2 == day%2 {
				never(w)
			}
		}, "outcome.truncated likely [12, )"},
		{"one day", func(day, hour int, w *Wait) {
			if day == 12 && hour >= 18 {
				never(w)
			}
		}, ""},
		{"a few more than ever", func(day, hour int, w *Wait) {
			if day >= 12 && hour == 3 {
				never(w)
			}
		}, ""},
		{"as ever", func(_, hour int, w *Wait) {
			if hour >= 18 {
				never(w)
			}
		}, ""},
	}
	for _, test := range tests {
		if got := inWords(TruncatedClaims(awaited(20, test.change), begin, begin+20)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// brought is a delivery a day at 17:00 of the whole history: a hundred keys, and one more each day.
func brought(days int, change func(day int, d *Delivery)) *OutcomeHistory {
	o := &OutcomeHistory{Snapshot: true, KnownAt: true, Horizon: 72 * time.Hour}
	for day := range days {
		d := Delivery{At: at(day, 17), Keys: 100 + int64(day)}
		change(day, &d)
		o.Brought = append(o.Brought, d)
	}
	return o
}

func TestWithdrawn(t *testing.T) {
	cut := func(keys, gone int64) func(int, *Delivery) {
		return func(day int, d *Delivery) {
			switch day {
			case 8:
				d.Keys, d.Withdrawn = keys, gone
			case 9:
				d.Restored = gone
			}
		}
	}
	conflicting := func(day int, d *Delivery) {
		if cut(10, 98)(day, d); day == 8 {
			d.Conflicts = 10
		}
	}
	tests := []struct {
		name     string
		change   func(int, *Delivery)
		boundary int
		want     string
	}{
		{"nothing", func(int, *Delivery) {}, 12, ""},
		{"a file of ten keys", cut(10, 98), 12, "outcome.truncated proven map[withdrawn:98] [8 17:00, 9 17:00)"},
		{"that night", cut(10, 98), 9, "outcome.truncated proven map[withdrawn:98] [8 17:00, )"},
		{"before it", cut(10, 98), 8, ""},
		{"a few keys dropped", cut(90, 18), 12, ""},
		{"keys written over: that is another cause", conflicting, 12, ""},
	}
	for _, test := range tests {
		if got := inWords(TruncatedClaims(brought(12, test.change), begin, begin+Day(test.boundary))); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestDuplicated(t *testing.T) {
	on8 := func(conflicts int64) func(int, *Delivery) {
		return func(day int, d *Delivery) {
			if day == 8 {
				d.Conflicts = conflicts
			}
		}
	}
	tests := []struct {
		name     string
		change   func(int, *Delivery)
		boundary int
		want     string
	}{
		{"nothing", on8(0), 12, ""},
		{"half of the keys", on8(54), 12, "outcome.duplicated proven map[keys:54] [8 17:00, 9 17:00)"},
		{"that night", on8(54), 9, "outcome.duplicated proven map[keys:54] [8 17:00, )"},
		{"before it", on8(54), 8, ""},
		{"a few", on8(9), 12, ""},
		{"one in a hundred that night, then one in twenty", func(day int, d *Delivery) {
			d.Keys, d.Conflicts = 2000, map[bool]int64{true: 20 * int64(day-7)}[day >= 8]
		}, 12, "outcome.duplicated proven map[keys:80] [8 17:00, )"},
		{"a tenth, as ever", func(_ int, d *Delivery) { d.Conflicts = 12 }, 12, ""},
	}
	for _, test := range tests {
		o := brought(12, test.change)
		if got := inWords(DuplicatedClaims(o, begin+1, begin+Day(test.boundary))); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// known is 30 days of 200 outcomes that became known the morning after: from two to six hours after the prediction.
func known(days int, change func(day int, d *OutcomeDay)) *OutcomeHistory {
	o := &OutcomeHistory{Horizon: 72 * time.Hour, KnownAt: true, Binary: true, Value: "delay_min", Reach: 28}
	for day := range days {
		d := OutcomeDay{
			Day: begin + Day(day), Rows: 200, Predicted: at(day-1, 2.4), Positives: 40 + int64(day%5),
			Ahead: evenly(4*3600+float64(day%3)*600, 3600), Value: evenly(20+float64(day%3), 2),
		}
		change(day, &d)
		o.Known = append(o.Known, d)
	}
	return o
}

func TestZoneShifted(t *testing.T) {
	moved := func(by ...float64) func(int, *OutcomeDay) {
		return func(day int, d *OutcomeDay) {
			if day >= 20 {
				for q := range d.Ahead {
					d.Ahead[q] += by[min(day-20, len(by)-1)] * 3600
				}
			}
		}
	}
	tests := []struct {
		name   string
		change func(int, *OutcomeDay)
		want   string
	}{
		{"nothing", moved(0), ""},
		{"four hours early", moved(-4), "outcome.zone_shifted proven map[offsets:[-04:00] zones:[America/New_York]] [19 02:00, )"},
		{"five and a half hours late", moved(5.5), "outcome.zone_shifted proven map[offsets:[+05:30] zones:[Asia/Kolkata]] [19 02:00, )"},
		{"over a change of the clocks", moved(-5, -5, -4, -4), "outcome.zone_shifted proven map[offsets:[-05:00 -04:00] zones:[America/Bogota America/Chicago America/New_York]] [19 02:00, )"},
		{"for three days", moved(-4, -4, -4, 0), "outcome.zone_shifted proven map[offsets:[-04:00] zones:[America/New_York]] [19 02:00, 22 02:00)"},
		{"one day", moved(-4, 0), ""},
		{"an hour: as the clocks do", moved(1), ""},
		{"later, but not all alike", func(day int, d *OutcomeDay) {
			if day >= 20 {
				for q := range d.Ahead {
					d.Ahead[q] *= 2
				}
			}
		}, ""},
		{"no offset", moved(4.3), ""},
	}
	for _, test := range tests {
		if got := inWords(ZoneShiftedClaims(known(25, test.change), begin, begin+25)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// checkEvents holds claims, and the event since which the first of them holds, against what is wanted, as inWords and inDays have it.
func checkEvents(t *testing.T, name string, claims []Claim, want, event string) {
	t.Helper()
	if got := inWords(claims); got != want {
		t.Errorf("%s: %q, want %q", name, got, want)
	}
	var first time.Time
	if len(claims) > 0 && len(claims[0].Events) > 0 {
		first = claims[0].Events[0]
	}
	if got := inDays(first); got != event {
		t.Errorf("%s: since the event of %q, want %q", name, got, event)
	}
}
