package loop

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// Day is the unit that the engine counts in: 24 hours, since days are UTC days.
const Day = 24 * time.Hour

// units from the longest to the shortest. Weeks are read but not written: 7d is plainer than 1w.
var units = []struct {
	name   string
	length time.Duration
	write  bool
}{
	{"w", 7 * Day, false},
	{"d", Day, true},
	{"h", time.Hour, true},
	{"m", time.Minute, true},
	{"s", time.Second, true},
	{"ms", time.Millisecond, true},
	{"us", time.Microsecond, true},
	{"ns", time.Nanosecond, true},
}

// ParseDuration reads a duration such as "35d", "2w", "1h30m" or "1.5h": numbers with the units w, d (24 hours), h, m, s,
// ms, us and ns, the longest first. It has no sign. A duration beyond 2^63 - 1 ns (292 years), or one that is no whole
// number of nanoseconds, is an error.
func ParseDuration(s string) (time.Duration, error) {
	switch {
	case s == "":
		return 0, fmt.Errorf("an empty text is no duration")
	case len(s) > 100:
		return 0, fmt.Errorf("a text of %d letters is no duration", len(s))
	case s == "0":
		return 0, nil
	}
	var total time.Duration
	previous := -1
	for rest := s; rest != ""; {
		digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789."))]
		rest = rest[len(digits):]
		letters := rest[:len(rest)-len(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyz"))]
		rest = rest[len(letters):]
		amount, ok := new(big.Rat).SetString(digits)
		if digits == "" || !ok {
			return 0, fmt.Errorf("%q is no duration", s)
		}
		if letters == "" {
			return 0, fmt.Errorf("%q has no unit after %s", s, digits)
		}
		unit := unitNamed(letters)
		if unit < 0 {
			return 0, fmt.Errorf("%q has an unknown unit %q", s, letters)
		}
		if unit <= previous {
			return 0, fmt.Errorf("%q has %s after %s", s, letters, units[previous].name)
		}
		previous = unit
		amount.Mul(amount, new(big.Rat).SetInt64(int64(units[unit].length)))
		if !amount.IsInt() {
			return 0, fmt.Errorf("%q is no whole number of nanoseconds", s)
		}
		if !amount.Num().IsInt64() || amount.Num().Int64() > math.MaxInt64-int64(total) {
			return 0, fmt.Errorf("%q is longer than 292 years", s)
		}
		total += time.Duration(amount.Num().Int64())
	}
	return total, nil
}

func unitNamed(name string) int {
	for i, u := range units {
		if u.name == name {
			return i
		}
	}
	return -1
}

// FormatDuration writes a duration as the loop file would: whole units from days down, those of zero left out, such as
// "7d", "6h" or "1h30m", and "0s" for none. ParseDuration reads it back; a negative duration, which the loop file does
// not know, is led by "-".
func FormatDuration(d time.Duration) string {
	if d == 0 {
		return "0s"
	}
	var b strings.Builder
	rest := uint64(d)
	if d < 0 {
		b.WriteByte('-')
		rest = -rest
	}
	for _, u := range units {
		if n := rest / uint64(u.length); u.write && n > 0 {
			b.WriteString(strconv.FormatUint(n, 10))
			b.WriteString(u.name)
			rest -= n * uint64(u.length)
		}
	}
	return b.String()
}

// duration reads a duration of at least least (0 or 1 ns). Example completes the hint.
func (c cursor) duration(least time.Duration, example string) time.Duration {
	fix := fmt.Sprintf("write a duration such as %s; units are w, d, h, m, s", example)
	text := c.text(fix)
	if text == "" {
		return 0
	}
	d, err := ParseDuration(text)
	switch {
	case strings.HasPrefix(text, "-"):
		c.fail(fix, "is %q, want a duration without a sign", text)
	case err != nil:
		c.fail(fix, "%v", err)
	case d < least:
		c.fail(fix, "is %s, want more than 0", text)
	}
	return d
}

// duration reads a positive duration; otherwise is the default.
func (m mapping) duration(key string, otherwise time.Duration, example string) time.Duration {
	c, ok := m.get(key)
	if !ok {
		return otherwise
	}
	return c.duration(1, example)
}

// days reads a positive duration of whole days; otherwise is the default.
func (m mapping) days(key string, otherwise time.Duration, example string) time.Duration {
	d := m.duration(key, otherwise, example)
	if d > 0 && d%Day != 0 {
		c, _ := m.get(key)
		c.fail("write whole days, such as "+example, "is %s, want whole days", FormatDuration(d))
	}
	return d
}
