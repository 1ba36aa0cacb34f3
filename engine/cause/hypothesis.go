package cause

import (
	"fmt"
	"strings"
	"time"
)

// Hypothesis is one way in which a pipe may have been broken, as data: how the history of a source is read, when it is
// read, and what is made of the value found. Evaluated for a row it gives what serving would then have served.
type Hypothesis struct {
	Cause Name
	// Key tells it from the other hypotheses, the same on every day and for every feature: "lag 6h".
	Key string
	// Rank orders hypotheses by simplicity: of two that reproduce the same rows the smaller stands.
	Rank int

	Reading Reading
	Instant Instant
	Making  Making

	// Low and High bound its parameter as far as the day's rows tell, half-open: seconds of a lag, or microseconds since
	// 1970 of the instant at which a store froze. Both 0 where the parameter is exact.
	Low, High int64
	// Parameters are those of section 8 of the design.
	Parameters map[string]any
	// Clocked tells, of event times that are off, that no lag and no offset gives the same: rows become known apart from when they
	// happen, or are read as if they had happened earlier.
	Clocked bool
	// Vacant tells that it gives one value always, which a reading of another cause that gives the same on every row makes doubtful.
	Vacant bool
	// Doubt says what else would give the same, of another cause and as simply; "" where nothing would. What it stands on is
	// likely at most.
	Doubt string
}

// Declared is the number of what the loop file declares, among a feature's values and filters.
const Declared = 0

// Reading says how the rows of a source are read. The zero Reading of a declared window is what the loop file declares.
type Reading struct {
	Value  int // of the source's values that the feature may take, Declared or another
	Filter int // of the filters

	Length, Offset time.Duration // of a window
	Align          string        // "", hour, day or week: where a window ends
	ToDate         string        // "", hour, day or week: a window of Length, in whole units, of which the last is the one of now
	Opens, Closes  time.Duration // how much later than declared a row enters and leaves: a microsecond at an open bound

	Within time.Duration // age up to which a row is used; 0: any

	Shift     time.Duration // event times are read that much later than they are
	Zone      string        // event times are read as this zone's clock where they are UTC
	Passed    bool          // a row is seen from when its event time, as it is read, has passed, if it is known by then
	Final     bool          // rows are seen as they finally were, from when they happened on
	All       bool          // every version of a row counts, replaced ones too
	Skips     bool          // rows without a value are passed over
	Late      time.Duration // rows known later than this after they happened are missing; 0: none
	Deadline  time.Duration // rows known later than this after the end of their UTC day are missing; 0: none
	Normalise string        // "", or how keys are written alike on both sides: lower, trim, zeros, number
}

// Clock says when a source is read.
type Clock string

// Clocks.
const (
	Shifted   Clock = "shift"   // By later than it should be
	Frozen    Clock = "frozen"  // never after At
	Refreshed Clock = "refresh" // as of the last refresh: every Period, Phase after its start in UTC
	Local     Clock = "zone"    // as of what a clock in Zone shows
	LocalBack Clock = "zoned"   // as of the instant at which a clock in Zone shows what UTC shows now
)

// Instant is when a source is read, for a prediction that should read it at t.
type Instant struct {
	Clock  Clock
	By     time.Duration
	At     time.Time
	Period time.Duration
	Phase  time.Duration
	Zone   string
	// Aged has the age of a row judged at t, not at the instant at which the source is read.
	Aged bool
}

// Made says what is made of a value.
type Made string

// What may be made of the value found; null means that the default is served.
const (
	AsFound  Made = "found"    // nothing
	Linear   Made = "linear"   // Factor * value + Plus
	Filled   Made = "filled"   // Constant where it is null
	Nothing  Made = "nothing"  // null, where the row has all features of its join null
	Dropped  Made = "dropped"  // null, where other features of the join are served
	Constant Made = "constant" // Constant, whatever the value
	Emptied  Made = "emptied"  // null where it is Constant
	Rounded  Made = "rounded"  // to Digits decimals
	Floored  Made = "floored"  // down to a whole number
	Mapped   Made = "mapped"   // From[i] becomes To[i], on what is declared
	Previous Made = "previous" // the value found where the declared one is null
	Rows     Made = "rows"     // of a window: how many rows
	Values   Made = "values"   // how many of them hold a value
	Total    Made = "total"    // their sum
	Mean     Made = "mean"     // their mean
	MeanZero Made = "mean0"    // their mean, null counted as 0
)

// Making is what becomes of the value found.
type Making struct {
	Made         Made
	Factor, Plus float64
	Constant     float64 // of number features
	Text         string  // of text features, in place of Constant
	Digits       int
	From, To     []string
}

// spell writes a duration as people say it: 6h, 5h30m, 2d, 90s; negative ones with a sign.
func spell(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	const day = 24 * time.Hour
	if d >= 2*day && d%day == 0 {
		return fmt.Sprintf("%s%dd", sign, d/day)
	}
	text := d.String()
	text = strings.TrimSuffix(text, "m0s")
	if text != d.String() {
		text += "m"
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return sign + text
}
