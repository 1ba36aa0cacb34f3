// Package attribution asks questions of cells: what a window's loss is made of, against a baseline. It is pure Go on
// cells; it knows no SQL and opens no files.
package attribution

import (
	"time"

	"github.com/plumbline-data/plumbline/engine/fingerprint"
)

// Day counts UTC days from 1970-01-01.
type Day int32

// DayOf gives the UTC day of an instant.
func DayOf(t time.Time) Day {
	s := t.Unix()
	d := s / 86400
	if s%86400 < 0 {
		d--
	}
	return Day(d)
}

// Start is the day's first instant.
func (d Day) Start() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Cell is one group of the cube, with additive measures. A prediction is counted once, at age AgePredicted; what became
// known of its outcome is added at the age at which it did: the first outcome adds (1 row, its loss), a correction adds
// (0 rows, new loss - old loss), a withdrawal takes both away. So the sum over ages <= a is the state as known at age a.
type Cell struct {
	Day         Day
	Version     int32 // index into Cube.Versions
	Segment     int32 // index into Cube.Segments
	Fingerprint int32 // index into Cube.Fingerprints
	Age         int16 // AgePredicted, 0..14, then 28, 56, 112, ...: days, each the upper end of its bucket

	Predictions int64 // chosen, valid, not hindsight
	Rows        int64 // predictions with an outcome
	Weight      Fixed // rows weighted by `weight`; equals Rows where none is declared
	Loss        Fixed // weighted sum of losses
	Score       Fixed // weighted sum of scores, over rows with an outcome
	Outcome     Fixed // weighted sum of outcomes
	ScoreSq     Fixed // weighted sum of score^2
	OutcomeSq   Fixed // weighted sum of outcome^2
	ScoreOut    Fixed // weighted sum of score*outcome
	AbsError    Fixed // weighted sum of |score - outcome|
}

// AgePredicted is the age of what is known when the prediction is made.
const AgePredicted int16 = -1

// Cube is the cells of some days with the dictionaries that they point into.
type Cube struct {
	Layout       *fingerprint.Layout
	SegmentNames []string
	Versions     []string
	Segments     [][]string // values by segment column
	Fingerprints [][]uint64
	Cells        []Cell
	Closed       map[Day]bool // days that were over at as-of; other days are kept out of evaluation
	// Breached holds, by the name of a schema condition, the ids of schemas that break a contract. May be nil.
	Breached map[string][]uint16
}
