package condition

import (
	"math"
	"time"

	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/fingerprint"
	"github.com/plumbline-data/plumbline/engine/loop"
)

// Codes of levels that other stages and packages name. They are part of the stored fingerprint: never renumber them.
const (
	CardinalityExpected, CardinalityNone, CardinalityMany uint16 = 0, 1, 2

	StalenessBuckets                      = 8
	StalenessNone, StalenessFuture uint16 = 8, 9

	WindowFull, WindowPartial, WindowEmpty, WindowOverFull uint16 = 0, 1, 2, 3

	ValueAgrees, ValueNull, ValueDefault, ValueDiffers uint16 = 0, 1, 2, 3

	DomainKnown, DomainUnseen, DomainOutOfRange, DomainUnjudged uint16 = 0, 1, 2, 3

	OutcomeNone, OutcomeOne, OutcomeCorrected, OutcomeDuplicated, OutcomeLate uint16 = 0, 1, 2, 3, 4
)

// bits of each kind's code. Value leaves room for the causes that a differing value is named by.
var bits = map[fingerprint.Kind]int{
	fingerprint.Cardinality: 2, fingerprint.Staleness: 4, fingerprint.Window: 2, fingerprint.Value: 5, fingerprint.Domain: 2,
	fingerprint.Schema: 16, fingerprint.Outcome: 3,
}

func cardinalityLevels(expect loop.Cardinality) []fingerprint.Level {
	none, many := fingerprint.Usual, fingerprint.Usual
	switch expect {
	case loop.ExpectOne:
		none, many = fingerprint.Broken, fingerprint.Broken
	case loop.ExpectOptional:
		none, many = fingerprint.Fine, fingerprint.Broken
	case loop.ExpectMany:
		many = fingerprint.Fine
	}
	return []fingerprint.Level{level("expected", fingerprint.Fine), level("none", none), level("many", many)}
}

// stalenessBounds gives the upper bounds of all buckets but the last: an eighth of the scale doubling up to eight times
// it. The scale is what is promised; else how far the join's features look back, since a row's age matters against that
// and finer buckets would only split cells; else, where nothing says, seven bounds from a minute to 64 days in equal
// ratios, to the second.
func stalenessBounds(promise, reach time.Duration) []time.Duration {
	scale := promise
	if scale == 0 {
		scale = reach
	}
	bounds := make([]time.Duration, StalenessBuckets-1)
	for i := range bounds {
		if scale > 0 {
			bounds[i] = scale / 8 << i
			continue
		}
		ratio := math.Pow(64*24*60, float64(i)/float64(len(bounds)-1))
		bounds[i] = time.Duration(math.Round(60*ratio)) * time.Second
	}
	return bounds
}

// stalenessLevels names the buckets by their bounds: within a promise they are fine, past it they break it.
func stalenessLevels(promise, reach time.Duration) []fingerprint.Level {
	within, past := fingerprint.Usual, fingerprint.Usual
	if promise > 0 {
		within, past = fingerprint.Fine, fingerprint.Broken
	}
	levels := make([]fingerprint.Level, 0, StalenessBuckets+2)
	for i, b := range stalenessBounds(promise, reach) {
		standing := within
		if i > 3 {
			standing = past
		}
		levels = append(levels, level("<="+loop.FormatDuration(b), standing))
	}
	return append(levels, level("beyond", past), level("no row", fingerprint.Usual), level("from the future", fingerprint.Usual))
}

var (
	windowLevels  = []fingerprint.Level{level("full", fingerprint.Fine), level("partial", fingerprint.Usual), level("empty", fingerprint.Usual), level("over-full", fingerprint.Usual)}
	replayLevels  = namedLevels(level("agrees", fingerprint.Fine), level("null", fingerprint.Usual), level("default", fingerprint.Usual), level("differs", fingerprint.Disputed))
	requestLevels = []fingerprint.Level{level("present", fingerprint.Fine), level("null", fingerprint.Usual), level("default", fingerprint.Usual)}
	domainLevels  = []fingerprint.Level{level("known", fingerprint.Fine), level("unseen category", fingerprint.Usual), level("out of range", fingerprint.Usual), level("unjudged", fingerprint.Fine)}
	schemaLevels  = []fingerprint.Level{level("no row", fingerprint.Fine)}
	outcomeLevels = []fingerprint.Level{level("none", fingerprint.Fine), level("one", fingerprint.Fine), level("corrected", fingerprint.Usual), level("duplicated", fingerprint.Usual), level("late", fingerprint.Usual)}
)

func level(name string, standing fingerprint.Standing) fingerprint.Level {
	return fingerprint.Level{Name: name, Standing: standing}
}

// Differs is the name of the level of values that differ from their replay and are named by a cause.
func Differs(name cause.Name) string {
	if name == cause.Unexplained {
		return "differs"
	}
	return "differs: " + string(name)
}

// namedLevels adds a level for each cause that values may be named by.
func namedLevels(levels ...fingerprint.Level) []fingerprint.Level {
	for _, name := range cause.Coded() {
		levels = append(levels, level(Differs(name), fingerprint.Disputed))
	}
	return levels
}
