package cause

import (
	"maps"
	"slices"
)

// about is what a cause is, as one sentence.
var about = map[Name]string{
	ColumnDropped:      "A column vanished, was renamed or changed its type, so that null, a default or another column is served in its place.",
	ZoneShift:          "Times written in one zone are read in another, so that values of some hours before or after are served.",
	Cutoff:             "Rows that come in late are cut off, so that values are computed from a part of the rows.",
	Definition:         "Serving and training, or two teams, mean different things by one name.",
	Remapped:           "Categories were renumbered, or the unit or scale changed, so that what is served is no longer what the model learned from.",
	NullHandling:       "Null is treated otherwise at serving than was declared: it became a value, or a value became null.",
	Logic:              "Serving computes the feature slightly otherwise than was declared.",
	FanOut:             "A join multiplies rows, so that counts and sums come out too large.",
	Miss:               "The keys of a join no longer meet, so that rows that are there are not found.",
	Stale:              "An old value was served: a refresh that stopped, or one that runs behind.",
	Window:             "The feature is computed over another stretch of time than was declared.",
	Future:             "A value was served that was not known yet when the prediction was made: it will not be there in production.",
	SourceStopped:      "A source ended or paused: no rows come in any more.",
	SourceRevised:      "What the source said was wrong when it was read, and was corrected later.",
	SourceChanged:      "The source itself changed against its own past: its nulls, scale, codes or number of rows.",
	OutcomeLate:        "Outcomes come in later than they did.",
	OutcomeDuplicated:  "Outcomes come with several values for one key.",
	OutcomeTruncated:   "A part of the outcomes does not come in.",
	OutcomeZoneShifted: "The times of outcomes are written in one zone and read in another.",
	OutcomeRedefined:   "What counts as the outcome changed.",
	Unexplained: "What was served and what the loop file declares part ways, or data conditions moved, and nothing in the catalogue " +
		"was shown to make it so.",
}

// About says in plain words what a cause is; "" for a name that the catalogue does not have.
func About(name Name) string { return about[name] }

// Names lists the catalogue in order of the alphabet.
func Names() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(about)) {
		names = append(names, string(name))
	}
	return names
}
