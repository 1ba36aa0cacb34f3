package attribution

import (
	"math/bits"
	"time"
)

// Ages are kept in days up to finestAge and by doubling upper ends above it.
const (
	finestAge = 14
	oldestAge = finestAge << 11 // 78 years, the last bucket that an int16 holds
	ageSlots  = finestAge + 1 + 11
)

// AgeBucket gives the bucket of an age in days: 0..14, then 28, 56, 112, ...: each named by its upper end. A negative age
// is 0, and 28672 days take in all that is older.
func AgeBucket(days int) int16 {
	switch {
	case days <= 0:
		return 0
	case days <= finestAge:
		return int16(days)
	case days > oldestAge:
		return oldestAge
	}
	return int16(finestAge << bits.Len(uint((days-1)/finestAge)))
}

// ageSlot numbers the buckets from 0 in order of age; -1 is AgePredicted.
func ageSlot(age int16) int8 {
	if age < 0 {
		return -1
	}
	b := int(AgeBucket(int(age)))
	if b <= finestAge {
		return int8(b)
	}
	return int8(finestAge + bits.Len(uint(b/finestAge)) - 1)
}

// daysSince gives the whole days from a day's end to an instant, rounded up, at least 0.
func daysSince(d Day, asOf time.Time) int {
	days := int(DayOf(asOf) - (d + 1)) // in days, not as a Duration, which ends after 292 years
	if asOf.After(DayOf(asOf).Start()) {
		days++
	}
	return max(days, 0)
}

// ownSlot is the slot of the age up to which a day's outcomes are known at an instant.
func (d *day) ownSlot(asOf time.Time) int8 { return ageSlot(AgeBucket(daysSince(d.day, asOf))) }

// Ripens tells whether an age at which outcomes are known, up to the oldest at which any became known, lies between those up to which a day's are
// known at two instants: what the day is held against is then more at the second.
func Ripens(d Day, before, after time.Time, oldest int16) bool {
	at := ageSlot(AgeBucket(daysSince(d, before)))
	return at < ageSlot(oldest) && at != ageSlot(AgeBucket(daysSince(d, after)))
}
