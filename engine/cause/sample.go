package cause

import "time"

// Sample is one differing row, to be shown as part of a proof. Values are as DuckDB writes them; nil is null.
type Sample struct {
	Day             time.Time
	Feature, Source string
	Code            uint16 // CodeOf the cause that names it; CodeDiffers where none does
	Place           int64  // in its day and feature, in the sample's order
	PredictionID    string
	Key             string    // values of the keys that its source is joined by
	At              time.Time // when the feature was read
	Declared        *string   // what the declaration gives
	Served          *string
	Replayed        *string // what the hypothesis gives
	Hypothesis      string  // its key; "" where none reproduces the row
}
