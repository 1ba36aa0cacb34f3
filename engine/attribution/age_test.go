package attribution

import (
	"testing"
	"time"
)

func TestAgeBucket(t *testing.T) {
	for _, c := range []struct {
		days int
		want int16
	}{
		{-3, 0}, {0, 0}, {1, 1}, {14, 14}, {15, 28}, {28, 28}, {29, 56}, {56, 56}, {57, 112}, {112, 112}, {113, 224},
		{28672, 28672}, {1 << 30, 28672},
	} {
		if got := AgeBucket(c.days); got != c.want {
			t.Errorf("AgeBucket(%d) = %d days, want %d", c.days, got, c.want)
		}
	}
}

// Slots number the buckets in order, without gaps.
func TestAgeSlot(t *testing.T) {
	next := int8(0)
	for days := 0; days <= 30000; days++ {
		slot := ageSlot(AgeBucket(days))
		if slot == next {
			next++
		} else if slot != next-1 {
			t.Fatalf("age %d has slot %d after slot %d", days, slot, next-1)
		}
	}
	if next != ageSlots {
		t.Errorf("%d slots in use, want %d", next, ageSlots)
	}
	if got := ageSlot(AgePredicted); got != -1 {
		t.Errorf("predicted has slot %d, want -1", got)
	}
}

func TestDaysSince(t *testing.T) {
	d := Day(100)
	for _, c := range []struct {
		asOf time.Time
		want int
	}{
		{d.Start(), 0}, {(d + 1).Start(), 0}, {(d + 1).Start().Add(time.Nanosecond), 1}, {(d + 2).Start(), 1}, {(d + 9).Start(), 8},
	} {
		if got := daysSince(d, c.asOf); got != c.want {
			t.Errorf("from the end of day %d to %v: %d days, want %d", d, c.asOf, got, c.want)
		}
	}
}

// An as-of of "everything" lies thousands of years ahead.
func TestDaysSinceFarAhead(t *testing.T) {
	for _, test := range []struct {
		asOf string
		want int
	}{
		{"1972-09-27T00:00:00Z", 0}, {"1972-09-28T00:00:00Z", 0}, {"1972-09-28T00:00:00.000001Z", 1}, {"1972-09-29T00:00:00Z", 1},
		{"1970-01-01T00:00:00Z", 0}, {"9999-12-31T23:59:59Z", 2931896},
	} {
		asOf, err := time.Parse(time.RFC3339Nano, test.asOf)
		if err != nil {
			t.Fatal(err)
		}
		if got := daysSince(boundary, asOf); got != test.want {
			t.Errorf("as of %s: %d days, want %d", test.asOf, got, test.want)
		}
	}
}
