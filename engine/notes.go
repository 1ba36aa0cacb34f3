package engine

import (
	"fmt"

	"github.com/plumbline-data/plumbline/engine/report"
)

// countNotes says of the balance sheet what a reader would otherwise have to guess.
func countNotes(c report.Counts) []string {
	var notes []string
	if c.Hindsight > 0 {
		notes = append(notes, fmt.Sprintf("hindsight: %d of %d predictions were made, or delivered, when their outcome was already known; they are never scored", c.Hindsight, c.Predictions))
	}
	if c.Invalid > 0 {
		notes = append(notes, fmt.Sprintf("invalid: %d of %d prediction rows were set aside", c.Invalid, c.Predictions))
	}
	if c.Duplicated > 0 {
		notes = append(notes, fmt.Sprintf("duplicated: %d outcome keys came with several different values at one instant; those rows were set aside", c.Duplicated))
	}
	if c.Orphans > 0 {
		notes = append(notes, fmt.Sprintf("orphans: %d outcome keys have no prediction", c.Orphans))
	}
	return notes
}
