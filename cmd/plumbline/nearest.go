package main

import "strings"

// nearest returns the candidate that takes the fewest edits to reach from what was written, "" when none is near: more
// than half of the letters, rounded up, would have to change. Ties go to the first candidate.
func nearest(written string, candidates []string) string {
	best, least := "", (len(written)+1)/2+1
	for _, c := range candidates {
		if strings.HasPrefix(c, written) && len(written) > 1 {
			return c
		}
		if d := edits(written, c); d < least {
			best, least = c, d
		}
	}
	return best
}

// edits counts the insertions, deletions and substitutions of bytes, and swaps of neighbours, between a and b (optimal
// string alignment distance).
func edits(a, b string) int {
	before, last, row := []int(nil), make([]int, len(b)+1), []int(nil)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row = make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
