package cause

import (
	"slices"
	"time"
)

// TrialDay is what came of trying hypotheses on the sampled differing rows of one feature on one UTC day.
type TrialDay struct {
	Day       time.Time
	Feature   string
	Source    string
	Timeless  bool // its source has no instants: the same rows are met on every day
	Finalists []Finalist
	Patterns  []Pattern
}

// Finalist is a hypothesis that reproduced some of a day's rows.
type Finalist struct {
	*Hypothesis
	Pairs, Lucky int64  // pairs of one row and another's value, and those in which it is what was served
	Pieces       Pieces // among the rows that it reproduces
	// Base and Alike count, of a hypothesis that serves one constant, the day's predictions on which it could have been right
	// without any fault, and those on which it would have been; of a map of codes, pairs of one row and another prediction's code,
	// and those in which it is what the map gives. Base is 0 for others, but see Settle.
	Base, Alike int64
	// Struck counts all rows of the day that it reproduces and names, Spared those that it would have changed too and that were
	// served as declared, of the same keys and hours. Apart is how far the declared values of the two lie apart, 0 to 1; Below and Above
	// are the shares of the spared ones, of numbers, that are declared less, or more, than any of the struck ones. Of Due
	// pieces of evidence that would hold both if it were drawn row by row what is struck, Mixed do. All are 0 where nothing was spared.
	Struck, Spared float64
	Apart          float64
	Below, Above   float64
	Mixed, Due     float64
}

// chance is the share of counted rows that the hypothesis would reproduce by chance; 1 where nothing tells.
func (f *Finalist) chance() (hits, of float64) {
	if f.Base > 0 {
		return float64(f.Alike), float64(f.Base)
	}
	return float64(f.Lucky), float64(f.Pairs)
}

// piecesPerValue is how many pieces of evidence each value of a map must have on average.
const piecesPerValue = 2

// Settle corrects what was counted of the finalists. A hypothesis that would serve one value on all rows, as far as the day's
// rows tell, is judged as that constant is, in place of every value or of null, as shuffling its values among the rows says nothing: a
// store that froze serves all rows of one key the same. And a map takes one piece of evidence for each of its values to be fitted at
// all: where a value comes of one row of the source, a map is no more than a list of what was served, unless the codes that came out
// are those that went in.
func (d *TrialDay) Settle() {
	for i := range d.Finalists {
		f := &d.Finalists[i]
		if f.Making.Made == Mapped && f.Pieces.N < piecesPerValue*int64(len(f.Making.From)) && !f.Making.permutes() {
			f.Pieces = Pieces{}
		}
		if f.Base > 0 || f.Pairs == 0 || f.Lucky < f.Pairs {
			continue
		}
		for j := range d.Finalists {
			if c := &d.Finalists[j]; c.Base > 0 && (c.Making.Made == Constant || c.Making.Made == Filled) && d.sameHits(i, j) {
				f.Base, f.Alike = c.Base, c.Alike
				break
			}
		}
	}
}

// leastPermuted is how many codes must have changed places to be told from a list of what was served.
const leastPermuted = 4

// permutes tells whether a map gives each of its values the place of another one.
func (m *Making) permutes() bool {
	from, to := slices.Sorted(slices.Values(m.From)), slices.Sorted(slices.Values(m.To))
	return len(from) >= leastPermuted && slices.Equal(from, to)
}

// sameHits tells whether two finalists reproduce the same rows.
func (d *TrialDay) sameHits(i, j int) bool {
	for _, p := range d.Patterns {
		if p.Hits>>i&1 != p.Hits>>j&1 {
			return false
		}
	}
	return true
}

// Pattern is rows that the same finalists reproduce and count: bit i is that of Finalists[i].
type Pattern struct {
	Hits, Counted uint64
	Rows          int64
}

// LabelDay is how many differing rows of a feature on a UTC day are named by one cause.
type LabelDay struct {
	Day         time.Time
	Feature     string
	Source      string
	Code        uint16 // CodeOf the cause; CodeDiffers where none reproduces them
	Rows        int64
	First, Last time.Time // when the features of these rows were read
}

// CodeDiffers is the level code of values that differ from their replay and that no cause reproduces; those of causes follow.
// They are part of the stored fingerprint: never renumber them.
const CodeDiffers uint16 = 3

var coded = []Name{ColumnDropped, ZoneShift, Cutoff, Definition, Remapped, NullHandling, Logic, FanOut, Miss, Stale, Window, Future, SourceRevised}

// CodeOf is the level code of values that a cause reproduces; CodeDiffers for causes of other things.
func CodeOf(name Name) uint16 {
	for i, n := range coded {
		if n == name {
			return CodeDiffers + 1 + uint16(i)
		}
	}
	return CodeDiffers
}

// CodeName is the inverse of CodeOf; Unexplained for CodeDiffers.
func CodeName(code uint16) Name {
	if i := int(code) - int(CodeDiffers) - 1; i >= 0 && i < len(coded) {
		return coded[i]
	}
	return Unexplained
}

// Coded lists the causes that have a code, in the order of their codes.
func Coded() []Name { return coded }
