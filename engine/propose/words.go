package propose

import (
	"strconv"
	"strings"
	"time"

	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/report"
)

// shown writes a name or value of data within a comment or message: on one line, and not too long.
func shown(s string) string {
	if plain.MatchString(s) && len(s) <= 60 {
		return s
	}
	letters := []rune(s)
	if len(letters) > 60 {
		s = string(letters[:60]) + "..."
	}
	return strconv.Quote(s)
}

func number(f float64) string { return strconv.FormatFloat(f, 'g', 4, 64) }

func percent(share float64) string {
	p := 100 * share
	switch {
	case p > 99.9 && p < 100:
		return "over 99.9 %"
	case p > 0 && p < 0.1:
		return "under 0.1 %"
	}
	return strings.TrimSuffix(strconv.FormatFloat(p, 'f', 1, 64), ".0") + " %"
}

func plural(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return report.Counted(n) + " " + what + "s"
}

// short writes a duration as loop files do.
func short(d time.Duration) string { return loop.FormatDuration(d) }

// roughly writes seconds in the largest unit that leaves a digit.
func roughly(seconds float64) string {
	for _, u := range []struct {
		name   string
		length float64
	}{{"d", 86400}, {"h", 3600}, {"min", 60}} {
		if seconds >= 2*u.length {
			return strconv.FormatFloat(seconds/u.length, 'f', 1, 64) + " " + u.name
		}
	}
	return strconv.FormatFloat(seconds, 'f', 0, 64) + " s"
}
