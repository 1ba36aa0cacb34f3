package cause

import (
	"testing"
	"time"
)

// TestWrittenLate: of events that are written late from an hour on, that hour. At night there are few: where it begins then, the first
// hour of the day that is empty would be hours late.
func TestWrittenLate(t *testing.T) {
	const days = 20
	rows := func(hour int) int64 {
		if hour >= 4 && hour < 10 {
			return 1
		}
		return 20 + int64(hour%5)
	}
	for _, tt := range []struct {
		name string
		from float64 // hours since day 17 began
		by   time.Duration
	}{
		{"in the afternoon", 14, 4 * time.Hour},
		{"in the small hours", 2, 4 * time.Hour},
		{"in the night", 9, 4 * time.Hour},
		{"by half hours", 12, 5*time.Hour + 30*time.Minute},
		{"on the day before", -5, 8 * time.Hour},
	} {
		o := &OutcomeHistory{}
		onset := (begin + 17).Start().Add(time.Duration(tt.from * float64(time.Hour)))
		for at := begin.Start(); at.Before((begin + days).Start()); at = at.Add(time.Hour) {
			happened := at
			if !at.Before(onset) {
				happened = at.Add(tt.by).Truncate(time.Hour)
			}
			o.Events = append(o.Events, Event{Happened: happened, Known: at.Add(6 * time.Hour), Rows: rows(at.Hour())})
		}
		got, ok := o.writtenLate(begin+17, begin+days, tt.by)
		if !ok || got.Sub(onset).Abs() > time.Hour {
			t.Errorf("%s: %v %v, want %v", tt.name, got, ok, onset)
		}
	}
	o := &OutcomeHistory{}
	for at := begin.Start(); at.Before((begin + days).Start()); at = at.Add(time.Hour) {
		o.Events = append(o.Events, Event{Happened: at, Known: at.Add(time.Hour), Rows: rows(at.Hour())})
	}
	if got, ok := o.writtenLate(begin+17, begin+days, 4*time.Hour); ok {
		t.Errorf("nothing is late, and it says from %v on", got)
	}
}
