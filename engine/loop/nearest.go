package loop

import (
	"unicode/utf8"

	"github.com/plumbline-data/plumbline/engine/spelling"
)

// nearest returns the known word that a misspelt one most likely stands for, or "" when none is near: at most a third of
// the letters (at least one) differ. Of equally near words the first wins.
func nearest(word string, known []string) string {
	const longest = 64 // no key is longer, and the distance costs the product of the lengths
	best, bestDistance := "", 0
	letters := utf8.RuneCountInString(word)
	if letters == 0 || letters > longest {
		return ""
	}
	for _, k := range known {
		d := spelling.Distance(word, k)
		if d <= max(1, (letters+1)/3) && (best == "" || d < bestDistance) {
			best, bestDistance = k, d
		}
	}
	return best
}
