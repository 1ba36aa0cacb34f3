package lineage

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
)

// secret is the part of a URL that names who calls, which may hold a password.
var secret = regexp.MustCompile(`://[^/\s@]*@`)

// tidy makes text from a file fit to be shown: one line, no characters that do not print, no credentials of a URL, at
// most n characters.
func tidy(s string, n int) string {
	if len(s) > 8*n+64 { // what comes after cannot be shown
		s = s[:8*n+64]
	}
	s = secret.ReplaceAllString(strings.ToValidUTF8(s, ""), "://")
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > n {
		s = string(runes[:n-1]) + "…"
	}
	return s
}

// named is a name as it is shown.
func named(s string) string { return tidy(s, 200) }

// stamp is an instant as it is shown.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// count says how many there are of something.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// length says how long something takes, in the largest unit of which there are two at least.
func length(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d >= 48*time.Hour:
		return count(int(d.Round(24*time.Hour)/(24*time.Hour)), "day", "days")
	case d >= 2*time.Hour:
		return count(int(d.Round(time.Hour)/time.Hour), "hour", "hours")
	case d >= 2*time.Minute:
		return count(int(d.Round(time.Minute)/time.Minute), "minute", "minutes")
	}
	return count(int(d.Round(time.Second)/time.Second), "second", "seconds")
}

// list joins what is shown of a list, and says how many more there are.
func list(all []string) string {
	const most = 8
	if len(all) > most {
		return strings.Join(all[:most], ", ") + fmt.Sprintf(" and %d more", len(all)-most)
	}
	return strings.Join(all, ", ")
}
