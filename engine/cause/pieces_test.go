package cause

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// drawn is the pieces 0, 1, ... n - 1, by their hashes.
func drawn(n int) Pieces { return piecesOf(0, n) }

// piecesOf is the pieces from, from + 1, ... to - 1.
func piecesOf(from, to int) Pieces {
	var all []uint64
	for i := from; i < to; i++ {
		all = append(all, rand.New(rand.NewPCG(uint64(i), 7)).Uint64())
	}
	slices.Sort(all)
	return Pieces{N: int64(to - from), Least: all[:min(len(all), LeastHashes)]}
}

// TestDifferent: pieces that come on several days count once.
func TestDifferent(t *testing.T) {
	for _, tt := range []struct {
		name           string
		days           []Pieces
		want, timeless int64
	}{
		{"none", nil, 0, 0},
		{"the same nine on two days", []Pieces{piecesOf(0, 9), piecesOf(0, 9)}, 9, 9},
		{"nine, four of them new", []Pieces{piecesOf(0, 9), piecesOf(5, 13)}, 13, 13},
		{"one large day", []Pieces{piecesOf(0, 5000)}, 5000, 5000},
		{"two large days", []Pieces{piecesOf(0, 5000), piecesOf(5000, 9000)}, 9000, 5000},
		{"64 on two days", []Pieces{piecesOf(0, 64), piecesOf(0, 64)}, 64, 64},
	} {
		for _, timeless := range []bool{false, true} {
			e := evidence{tt.days, timeless}
			if got, want := e.different(), map[bool]int64{false: tt.want, true: tt.timeless}[timeless]; got != want {
				t.Errorf("%s, timeless %v: %d, want %d", tt.name, timeless, got, want)
			}
		}
	}
}
