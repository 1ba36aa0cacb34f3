// Package fingerprint packs the condition levels of a prediction into a fixed-width key, and unpacks and names them
// again. It knows nothing of where levels come from.
package fingerprint

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Kind is a kind of condition.
type Kind string

// Kinds, in the order in which a layout lists them.
const (
	Cardinality Kind = "cardinality"
	Staleness   Kind = "staleness"
	Window      Kind = "window"
	Value       Kind = "value"
	Domain      Kind = "domain"
	Schema      Kind = "schema"
	Outcome     Kind = "outcome"
)

// Standing says what a level means before any baseline is asked.
type Standing int

// Standings.
const (
	// Fine levels are nominal whatever the baseline holds.
	Fine Standing = iota
	// Usual levels are nominal where the baseline has them too: a null, a default, an unpromised staleness.
	Usual
	// Broken levels break a promise of the loop file (a declared cardinality or freshness): never nominal.
	Broken
	// Disputed levels are served values that the replay contradicts: never nominal.
	Disputed
)

// Level is one value that a condition can take. Its code is its index in Condition.Levels.
type Level struct {
	Name     string
	Standing Standing
}

// Condition is one column of the fingerprint: Bits bits of word Word from bit Shift up.
type Condition struct {
	Kind  Kind
	Of    string // a join, a feature, or an input
	Node  string // what a finding would be about: a source, a request feature, "predictions" or "outcomes"
	Word  int
	Shift int
	Bits  int
	// Levels by code. Empty for schema, whose code is the file's schema id, 0 where no row was used.
	Levels []Level
}

// Name is how people and files call the condition: "weather.staleness".
func (c Condition) Name() string { return c.Of + "." + string(c.Kind) }

// LevelName names a code; a code that the layout does not know is named by its number.
func (c Condition) LevelName(code uint16) string {
	if int(code) < len(c.Levels) {
		return c.Levels[code].Name
	}
	if c.Kind == Schema {
		return fmt.Sprintf("%04x", code)
	}
	return fmt.Sprintf("level %d", code)
}

// Standing of a code; a schema id is Usual.
func (c Condition) Standing(code uint16) Standing {
	if int(code) < len(c.Levels) {
		return c.Levels[code].Standing
	}
	return Usual
}

// Layout says where each condition lies in a fingerprint of Words 64-bit words.
type Layout struct {
	ID         string // 16 hex of sha256 over names, widths and levels
	Words      int
	Conditions []Condition
}

// NewLayout places conditions in their order, none across a word's end.
func NewLayout(conditions []Condition) (*Layout, error) {
	l := &Layout{Words: 1}
	word, shift := 0, 0
	sum := sha256.New()
	for _, c := range conditions {
		if c.Bits < 1 || c.Bits > 16 || len(c.Levels) > 1<<c.Bits {
			return nil, fmt.Errorf("condition %s: %d levels do not fit %d bits", c.Name(), len(c.Levels), c.Bits)
		}
		if shift+c.Bits > 64 {
			word, shift = word+1, 0
		}
		c.Word, c.Shift = word, shift
		shift += c.Bits
		l.Conditions = append(l.Conditions, c)
		names := make([]string, len(c.Levels))
		for i, level := range c.Levels {
			names[i] = level.Name
		}
		fmt.Fprintf(sum, "%q %d %q\n", c.Name(), c.Bits, strings.Join(names, "|"))
	}
	l.Words = word + 1
	l.ID = hex.EncodeToString(sum.Sum(nil))[:16]
	return l, nil
}

// Level reads condition i out of a fingerprint of l.Words words.
func (l *Layout) Level(fingerprint []uint64, i int) uint16 {
	c := &l.Conditions[i]
	return uint16(fingerprint[c.Word] >> c.Shift & (1<<c.Bits - 1))
}

// Pack is the inverse of Level: codes by condition to words.
func (l *Layout) Pack(codes []uint16) []uint64 {
	words := make([]uint64, l.Words)
	for i, c := range l.Conditions {
		words[c.Word] |= (uint64(codes[i]) & (1<<c.Bits - 1)) << c.Shift
	}
	return words
}
