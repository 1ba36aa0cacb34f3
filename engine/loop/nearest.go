package loop

// nearest returns the known word that a misspelt one most likely stands for, or "" when none is near: at most a third of
// the letters (at least one) differ. Of equally near words the first wins.
func nearest(word string, known []string) string {
	const longest = 64 // no key is longer, and the distance costs the product of the lengths
	best, bestDistance := "", 0
	letters := []rune(word)
	if len(letters) == 0 || len(letters) > longest {
		return ""
	}
	for _, k := range known {
		d := distance(letters, []rune(k))
		if d <= max(1, (len(letters)+1)/3) && (best == "" || d < bestDistance) {
			best, bestDistance = k, d
		}
	}
	return best
}

// distance is the number of letters to insert, delete, replace, or swap with their neighbour to turn a into b (optimal
// string alignment).
func distance(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
