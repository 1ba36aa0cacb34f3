package cause

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// source.changed: the source itself was re-encoded, emptied, thinned or doubled: its rows are as they were delivered, but no
// longer what they used to be.
//
// It applies to sources with 14 days of past, and holds each day's first versions against the 28 days before the break: the
// share of nulls of each value, its scale (three quartiles that leave their range by the range's own width, and that a known
// unit or one constant factor brings back), texts never seen, rows per day, rows per key and `at`. The break must hold for days,
// up to the newest of them or until it ends. It is likely at most: that a source changed is seen, that it is wrong is not.

const (
	manyRows    = 50  // of a day, for shares and quantiles of it
	manyOfKey   = 20  // of a day and key, for a share that is all or nothing: one an hour
	steadyRows  = 100 // of the leanest day, for a change of the number of rows
	holdShare   = 2   // days that a break of shares holds
	holdScale   = 3   // days that a break of scale or of row counts holds
	strangeness = 0.2 // share of rows with texts never seen
)

// change is one way in which a source, or one key of it, is no longer what it was.
type change struct {
	what       string // nulls, scale, codes, rows or duplicates
	value      int    // of SourceHistory.Values; -1 for the rows themselves
	span       Span
	evidence   string
	parameters map[string]any // beside what it is

	byRow        bool    // each row tells
	unit         *Unit   // how its rows are put back, where that can be told
	brought, due float64 // of fewer rows: those of the run's days, and those that were to be expected
}

// changeOf writes a run of days down. Lean tells the hour with which it began, where hours can tell.
func changeOf(what string, value int, s *SourceHistory, days []SourceDay, r run, lean func(h *SourceHour) float64, evidence string) change {
	c := change{what: what, value: value, span: Span{From: days[r.first].Day.Start()}}
	if r.end < len(days) {
		c.span.To = days[r.end].Day.Start()
	}
	if from, ok := s.beginning(days, r, lean); ok {
		c.span.From = from
	}
	c.evidence = fmt.Sprintf("since %s: %s", toMinute(c.span.From), evidence)
	return c
}

// ChangedClaims looks for breaks that reach into the days [since, boundary). Asked is the predictions by hour: where these became fewer, a
// source that became smaller with them says nothing.
func (w *Walked) ChangedClaims(asked []Asked, since, boundary Day) []Claim {
	changes := slices.DeleteFunc(w.changes(between(asked, since, boundary), boundary), func(c change) bool { return !c.span.lasts(since) })
	return changedClaim(w.SourceHistory, append(changes, w.changedKeys(changes, since, boundary)...))
}

// Changed tells whether a source, or a key of it, changed at any time: then its hours are worth taking down.
func (s *SourceHistory) Changed() bool {
	w := Walked{SourceHistory: s, breaks: breaksOf(s)}
	return len(s.Days) > 0 && len(w.changes(nil, s.Days[len(s.Days)-1].Day+1)) > 0
}

// changes finds all that changed of a source, or of a key of it, in the days before a boundary. Asked is the predictions that asked
// for it.
func (w *Walked) changes(asked []Asked, boundary Day) []change {
	days := before(w.Days, boundary, func(d *SourceDay) Day { return d.Day })
	var changes []change
	for i := range w.Values {
		changes = append(changes, w.nullChanges(days, i)...)
		if units := w.unitChanges(days, i); len(units) > 0 {
			changes = append(changes, units...)
		} else {
			changes = append(changes, w.scaleChanges(days, i)...)
		}
		changes = append(changes, w.codeChanges(days, i)...)
	}
	return append(changes, w.rowChanges(asked, days)...)
}

// changedClaim makes one claim of a source's changes: several at once are one event.
func changedClaim(s *SourceHistory, changes []change) []Claim {
	var spans []Span
	var whats, evidence, features []string
	parameters := map[string]any{}
	for _, c := range changes {
		spans, evidence = append(spans, c.span), append(evidence, c.evidence)
		for name, value := range c.parameters {
			parameters[name] = value // the last of several, in the order of values and of what changed
		}
		if !slices.Contains(whats, c.what) {
			whats = append(whats, c.what)
		}
		of := s.Features
		if c.value >= 0 {
			of = s.Values[c.value].Features
		}
		for _, f := range of {
			if !slices.Contains(features, f) {
				features = append(features, f)
			}
		}
	}
	if len(spans) == 0 {
		return nil
	}
	parameters["what"] = strings.Join(whats, ", ")
	return []Claim{{
		Mend: mendOf(changes), Cause: SourceChanged, Node: s.Name, Sources: []string{s.Name}, Features: features,
		Parameters: parameters, Tier: "inferred", Spans: union(spans), Evidence: evidence,
		Action: fmt.Sprintf("Ask who delivers %s what changed then. If it is meant to stay, change the features' expressions (or retrain on the new form); if not, have it delivered again.", s.Name),
	}}
}

// mendOf puts the numbers of all changes back; nil where one of them cannot be.
func mendOf(changes []change) *Mend {
	var m Mend
	for _, c := range changes {
		if c.unit == nil {
			return nil
		}
		m.Units = append(m.Units, *c.unit)
	}
	return &m
}

// union sorts spans and joins those that meet.
func union(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return a.From.Compare(b.From) })
	var joined []Span
	for _, s := range spans {
		last := len(joined) - 1
		switch {
		case last < 0 || !joined[last].To.IsZero() && s.From.After(joined[last].To):
			joined = append(joined, s)
		case joined[last].To.IsZero() || !s.To.IsZero() && !s.To.After(joined[last].To):
		default:
			joined[last].To = s.To
		}
	}
	return joined
}

func nullShare(d *SourceDay, v int) float64 { return shareOf(d.Values[v].Nulls, d.Rows) }

// nullRuns looks for a share of nulls that rose far above, or fell from a lasting one to none.
func nullRuns(s *SourceHistory, v int) []run {
	days, least := s.Days, int64(manyRows)
	if s.OfKey {
		least = manyOfKey
	}
	return runs(len(days), fewDays, holdShare, func(i int, past []int, going bool) bool {
		if days[i].Rows < least {
			return false
		}
		low, high := 1.0, 0.0
		for _, p := range past {
			share := nullShare(&days[p], v)
			low, high = math.Min(low, share), math.Max(high, share)
		}
		return risen(days[i].Values[v].Nulls, days[i].Rows, high, going) || low >= 2*farShare && days[i].Values[v].Nulls == 0
	})
}

func (w *Walked) nullChanges(days []SourceDay, v int) []change {
	var changes []change
	for _, r := range cut(w.breaks.nulls[v], len(days), holdShare) {
		lean := w.nullLean(days, r, v)
		changes = append(changes, changeOf("nulls", v, w.SourceHistory, days, r, lean, fmt.Sprintf("%s of the rows of %s hold no value for %s, %s the day before",
			percent(nullShare(&days[r.first], v)), w.Name, strings.Join(w.Values[v].Features, ", "), percent(nullShare(&days[r.first-1], v)))))
	}
	return changes
}

// codeRuns looks for texts that were never seen in the past.
func codeRuns(days []SourceDay, v int) []run {
	return runs(len(days), fewDays, holdShare, func(i int, past []int, _ bool) bool {
		if days[i].Rows < manyRows {
			return false
		}
		known := map[string]int{}
		for _, p := range past {
			for _, c := range days[p].Values[v].Categories {
				known[c.Text]++
			}
		}
		// How much of a past day no other past day held: texts that are always new, like names and ids, say nothing.
		usual := 0.0
		for _, p := range past {
			usual = math.Max(usual, unseen(&days[p], v, func(text string) bool { return known[text] > 1 }))
		}
		share := unseen(&days[i], v, func(text string) bool { return known[text] > 0 })
		return share >= strangeness && share >= farTimes*usual
	})
}

func (w *Walked) codeChanges(days []SourceDay, v int) []change {
	var changes []change
	for _, r := range cut(w.breaks.codes[v], len(days), holdShare) {
		changes = append(changes, changeOf("codes", v, w.SourceHistory, days, r, nil, fmt.Sprintf("%s of %s holds texts that were never seen in the days before, such as %q",
			strings.Join(w.Values[v].Features, ", "), w.Name, strange(days, r, v))))
	}
	return changes
}

// unseen is the share of a day's texts that are not known.
func unseen(d *SourceDay, v int, known func(string) bool) float64 {
	var of, not int64
	for _, c := range d.Values[v].Categories {
		of += c.Rows
		if !known(c.Text) {
			not += c.Rows
		}
	}
	return shareOf(not, of)
}

// strange is the most frequent text of a run's first day that the days before it do not hold.
func strange(days []SourceDay, r run, v int) string {
	known := map[string]bool{}
	for i := max(0, r.first-pastDays); i < r.first; i++ {
		for _, c := range days[i].Values[v].Categories {
			known[c.Text] = true
		}
	}
	var most Count
	for _, c := range days[r.first].Values[v].Categories {
		if !known[c.Text] && c.Rows > most.Rows {
			most = c
		}
	}
	return most.Text
}
