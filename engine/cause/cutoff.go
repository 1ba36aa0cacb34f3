package cause

import (
	"fmt"
	"time"
)

// arrival.cutoff: late rows are truncated by a hard cutoff. The replay leaves out what came in later than some time after it
// happened, or than a deadline after the end of its UTC day.

var cutoffs = []time.Duration{time.Minute, 2 * time.Minute, 3 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 20 * time.Minute,
	30 * time.Minute, 45 * time.Minute, time.Hour, 90 * time.Minute, 2 * time.Hour, 3 * time.Hour, 4 * time.Hour, 6 * time.Hour, 8 * time.Hour,
	12 * time.Hour, 24 * time.Hour, 36 * time.Hour, 48 * time.Hour, 72 * time.Hour}

var deadlines = []time.Duration{time.Microsecond, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 4 * time.Hour, 5 * time.Hour,
	6 * time.Hour, 7 * time.Hour, 8 * time.Hour, 9 * time.Hour, 10 * time.Hour, 12 * time.Hour}

func cutoffHypotheses(f *Feature) []Hypothesis {
	if !f.timed() || !f.Known {
		return nil
	}
	var all []Hypothesis
	for _, d := range cutoffs {
		h := f.plain(Cutoff, "cutoff "+spell(d), 18)
		h.Reading.Late = d
		h.Parameters = map[string]any{"after": spell(d)}
		all = append(all, h)
	}
	for _, d := range deadlines {
		text := fmt.Sprintf("%02d:%02d of the next day", int(d.Hours()), int(d.Minutes())%60)
		h := f.plain(Cutoff, "deadline "+text, 19)
		h.Reading.Deadline = d
		h.Parameters = map[string]any{"after": text}
		all = append(all, h)
	}
	return all
}
