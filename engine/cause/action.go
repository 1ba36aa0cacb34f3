package cause

import "fmt"

// does is what a person does about a cause, as the end of a sentence that names who is asked, and where and since when.
var does = map[Name]string{
	ColumnDropped:      "give the column back its name, type and content, then serve the affected predictions' features again",
	ZoneShift:          "read its times in the zone that they are written in: convert once, to UTC, where they come in",
	Cutoff:             "let late rows in: move the deadline behind the last arrivals, or load them when they come and serve again",
	Definition:         "agree on one definition for training and serving, and declare it",
	Remapped:           "restore the units and codes that the model was trained on, or retrain on the new ones",
	NullHandling:       "treat null at serving as it was treated at training",
	Logic:              "compute the feature at serving as at training: one implementation for both",
	FanOut:             "make the key of the joined table unique, or remove the doubles before the join",
	Miss:               "write the key alike on both sides: case, blanks, leading zeros, type",
	Stale:              "make the refresh run again and alert on its age, then serve the affected predictions' features again",
	Window:             "set the window of the feature back to its declared length, offset and alignment",
	Future:             "read as of the prediction's instant only: what was served will not be there in production",
	SourceStopped:      "find out why no rows come in any more, and load what is missing",
	SourceRevised:      "have the source checked before it is published; score again what used the wrong values",
	SourceChanged:      "find out what changed in the source, and whether the model was told",
	OutcomeLate:        "find out why outcomes come in late; until then judge by fewer",
	OutcomeDuplicated:  "make the outcome's key unique before it is delivered",
	OutcomeTruncated:   "deliver the outcomes that are missing; until then the loss is of a part of the predictions",
	OutcomeZoneShifted: "read the outcomes' times in the zone that they are written in",
	OutcomeRedefined:   "agree on what counts as the outcome, and score the days since with one definition",
	Unexplained:        "compare how serving computes these features with what the loop file declares",
}

// Does is what a person does about a cause, in plain words.
func Does(name Name) string { return does[name] }

// action says what serving did, in plain words, and what to do about it.
func (h *Hypothesis) action(name Name) string {
	return fmt.Sprintf("What was served is what %q gives: %s.", h.Key, does[name])
}

// partly is added where a part of the requests was served nothing, or a constant, whatever they asked for.
const partly = " It strikes a part of the requests: look for servers, versions or lookups among them that fail or run out of time."
