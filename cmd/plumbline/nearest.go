package main

import (
	"strings"

	"github.com/plumbline-data/plumbline/engine/spelling"
)

// nearest returns the candidate that takes the fewest edits to reach from what was written, "" when none is near: more
// than half of the letters, rounded up, would have to change. Ties go to the first candidate.
func nearest(written string, candidates []string) string {
	best, least := "", (len(written)+1)/2+1
	for _, c := range candidates {
		if strings.HasPrefix(c, written) && len(written) > 1 {
			return c
		}
		if d := spelling.Distance(written, c); d < least {
			best, least = c, d
		}
	}
	return best
}
