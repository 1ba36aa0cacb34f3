package cause

import "slices"

// LeastHashes is how many hashes are kept of the pieces of evidence of a day: up to so many pieces of a day are told from those of
// other days.
const LeastHashes = 64

// Pieces are the different pieces of evidence on which a hypothesis stands on a day: stretches of the source's history that were set
// against each other.
type Pieces struct {
	N     int64    // how many
	Least []uint64 // their least hashes, at most LeastHashes of them, ascending
}

// evidence is the pieces of several days.
type evidence struct {
	pieces   []Pieces
	timeless bool // the same rows of the source are met on every day
}

// different counts them: each once where no day has more than LeastHashes; else once for each day that it lies on, of a timeless source
// the most of any day.
func (e *evidence) different() int64 {
	var hashes []uint64
	var most, sum int64
	exact := true
	for _, p := range e.pieces {
		hashes = append(hashes, p.Least...)
		most, sum = max(most, p.N), sum+p.N
		exact = exact && p.N == int64(len(p.Least))
	}
	slices.Sort(hashes)
	switch {
	case exact:
		return int64(len(slices.Compact(hashes)))
	case e.timeless:
		return most
	}
	return sum
}
