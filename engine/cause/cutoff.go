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

// atMidnight is the deadline at the end of the day itself; 0 is none.
const atMidnight = time.Microsecond

var deadlines = []time.Duration{atMidnight, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 4 * time.Hour, 5 * time.Hour,
	6 * time.Hour, 7 * time.Hour, 8 * time.Hour, 9 * time.Hour, 10 * time.Hour, 12 * time.Hour}

func cutoffHypotheses(f *Feature) []Hypothesis {
	if !f.timed() || !f.Known {
		return nil
	}
	var all []Hypothesis
	for _, d := range cutoffs {
		all = append(all, f.cutAfter(d, 18))
	}
	for _, d := range deadlines {
		rank := 19
		if d%time.Hour != 0 && d != atMidnight {
			rank = 20 // where no row came in between, a whole hour is simpler
		}
		all = append(all, f.cutDaily(d, rank))
	}
	return all
}

// cutAfter is the hypothesis that rows are missing that came in later than d after they happened.
func (f *Feature) cutAfter(d time.Duration, rank int) Hypothesis {
	h := f.plain(Cutoff, "cutoff "+spell(d), rank)
	h.Reading.Late = d
	h.Parameters = map[string]any{"after": spell(d)}
	return h
}

// cutDaily is the hypothesis that rows are missing that came in later than d after the end of their UTC day, more than 0.
func (f *Feature) cutDaily(d time.Duration, rank int) Hypothesis {
	text := fmt.Sprintf("%02d:%02d of the next day", int(d.Hours()), int(d.Minutes())%60)
	if rest := d % time.Minute; rest >= time.Second {
		text = fmt.Sprintf("%02d:%02d:%02d of the next day", int(d.Hours()), int(d.Minutes())%60, int(rest.Seconds()))
	}
	h := f.plain(Cutoff, "deadline "+text, rank)
	h.Reading.Deadline = d
	h.Parameters = map[string]any{"after": text}
	return h
}

// CutoffsOf are the cutoffs, after the event and after the end of its day, that the most of the windows asked agree with, the roundest
// ones in there, where these are not few: less simple than one that jobs usually have.
func (f *Feature) CutoffsOf(sides []Side, asked int64) []Hypothesis {
	by := map[string][]Side{}
	for _, s := range sides {
		by[s.Kind] = append(by[s.Kind], s)
	}
	var all []Hypothesis
	if low, high, ok := nearlyAgreed(by["after"], asked); ok {
		all = append(all, f.cutAfter(time.Duration(roundest(low, high))*time.Microsecond, 21))
	}
	if low, high, ok := nearlyAgreed(by["deadline"], asked); ok {
		all = append(all, f.cutDaily(time.Duration(roundest(low, high))*time.Microsecond, 22))
	}
	return all
}
