package cause

import (
	"time"
)

// Feature is what a hypothesis may depend on: how a feature is declared, and what else its source offers.
type Feature struct {
	Name, Source string
	Number, Text bool // class of its values; neither: instants
	Static       bool // its source has no instants
	CountsRows   bool // a window of which rows are counted, whatever is in them
	Alone        bool // no other feature of its join is served, and nothing tells whether serving met a row
	Known        bool // rows become known apart from when they happen
	Versions     bool // rows are replaced by others
	TextKeys     bool // every key is text
	ByVersion    bool // its default is another for each model version
	Within       time.Duration

	Windowed       bool
	Aggregate      string // avg, sum, count, min, max or count_distinct
	Summed         bool   // the sums of its windows' values are kept
	Length, Offset time.Duration
	Align          string

	Columns []string // names of the source's values that the feature may take; the first is the declared one
	Filters []Filter // the first is the declared one
	Rivals  []string // names of the rival definitions
	Others  []string // other aggregates that are replayed: max, min, count_distinct
}

// Filter is a condition on the rows of a source, as people write it.
type Filter struct {
	Text    string
	Dropped bool // it is what remains when a declared filter is left out
	Fitted  bool // its limit was fitted to a day's rows: it is tried on days whose rows tell it
}

// asOf tells whether it is the newest row of a source with instants.
func (f *Feature) asOf() bool { return !f.Windowed && !f.Static }

// timed tells whether its replay moves with the instant at which it is asked.
func (f *Feature) timed() bool { return f.asOf() || f.Windowed }

// reading is the declared one.
func (f *Feature) reading() Reading {
	return Reading{Length: f.Length, Offset: f.Offset, Align: f.Align, Within: f.Within}
}

// plain is a hypothesis that reads what is declared when it is declared.
func (f *Feature) plain(cause Name, key string, rank int) Hypothesis {
	return Hypothesis{Cause: cause, Key: key, Rank: rank, Reading: f.reading(), Instant: Instant{Clock: Shifted}, Making: Making{Made: AsFound}}
}
