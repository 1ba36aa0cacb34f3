package condition

import (
	"math"
	"time"

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
var bits = map[Kind]int{Cardinality: 2, Staleness: 4, Window: 2, Value: 5, Domain: 2, Schema: 16, Outcome: 3}

func cardinalityLevels(expect loop.Cardinality) []Level {
	none, many := Usual, Usual
	switch expect {
	case loop.ExpectOne:
		none, many = Broken, Broken
	case loop.ExpectOptional:
		none, many = Fine, Broken
	case loop.ExpectMany:
		many = Fine
	}
	return []Level{{"expected", Fine}, {"none", none}, {"many", many}}
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
func stalenessLevels(promise, reach time.Duration) []Level {
	within, past := Usual, Usual
	if promise > 0 {
		within, past = Fine, Broken
	}
	levels := make([]Level, 0, StalenessBuckets+2)
	for i, b := range stalenessBounds(promise, reach) {
		standing := within
		if i > 3 {
			standing = past
		}
		levels = append(levels, Level{"<=" + loop.FormatDuration(b), standing})
	}
	return append(levels, Level{"beyond", past}, Level{"no row", Usual}, Level{"from the future", Usual})
}

var (
	windowLevels  = []Level{{"full", Fine}, {"partial", Usual}, {"empty", Usual}, {"over-full", Usual}}
	replayLevels  = []Level{{"agrees", Fine}, {"null", Usual}, {"default", Usual}, {"differs", Disputed}}
	requestLevels = []Level{{"present", Fine}, {"null", Usual}, {"default", Usual}}
	domainLevels  = []Level{{"known", Fine}, {"unseen category", Usual}, {"out of range", Usual}, {"unjudged", Fine}}
	schemaLevels  = []Level{{"no row", Fine}}
	outcomeLevels = []Level{{"none", Fine}, {"one", Fine}, {"corrected", Usual}, {"duplicated", Usual}, {"late", Usual}}
)
