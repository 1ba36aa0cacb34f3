package cause

import (
	"reflect"
	"slices"
	"time"
)

// Proof is how far a hypothesis reproduces what was served: shares from 0 to 1, and on how many rows.
type Proof struct {
	Explains float64 // of the counted rows, those that it reproduces
	Chance   float64 // the same when its values are shuffled
	RunnerUp float64 // the same of the next best hypothesis
	Rows     int64   // counted: it says something other than the declaration
	Distinct int64   // different pieces of evidence among them
}

// Span is [From, To); a zero To means that it lasts.
type Span struct{ From, To time.Time }

// Claim is what one test of the catalogue says about one node, from the days before a boundary.
type Claim struct {
	Cause    Name
	Node     string // a source, a request feature, "predictions" or "outcomes"
	Sources  []string
	Features []string
	// Covers are further nodes: what moved there on the claim's rows is its doing.
	Covers []string
	// AlsoDiffers are features of the same source that differ from the same onset on and that the cause does not reproduce.
	AlsoDiffers []string
	Supersedes  []string // nodes whose claims this one swallowed
	Parameters  map[string]any
	Tier        string // inferred, logged, contract or replayed
	Proven      bool   // else it is likely at most
	Proof       *Proof // nil where nothing was replayed
	Spans       []Span // ascending: when it was so, to the hour where that can be told
	// Events are, of a claim about outcomes, when the first events happened whose outcomes were so: one for each of Spans for
	// which that can be told, ascending. Spans tell when the predictions of them were made, or what brought them was delivered.
	Events   []time.Time
	Evidence []string
	Action   string // what to do, in plain words

	Hypotheses []string    // keys of those that reproduce its rows, the best first
	keys       []string    // prediction columns of its join, where they are what is at fault
	ofSome     bool        // it is of a part of the outcomes, told by its lag alone: the third test of outcome.late
	provenFrom []time.Time // where those of Spans begin that were proven, of a claim that several runs of days make up
	Seen       []Seen      // its rows by day, where they are known to the instant
	// Strays tells that rows bear its levels that are none of its own: days that are not in Seen, or where that is empty in Spans, are none
	// of its.
	Strays bool
	// Tried tells, by feature and day, which finalists the hypotheses were there.
	Tried map[FeatureDay][]Standing

	// Mend is how its rows are put right where no declared replay contradicts them, and that can be told.
	Mend *Mend

	// Levels are the conditions whose levels the claim accounts for: those of its rows are charged to it. Without any, all
	// predictions made within Spans are its rows.
	Levels []Level
}

// Mend is how the rows of a claim are put right that no declared replay contradicts.
type Mend struct {
	// Outcomes are told by the rule that told them before: 1 where the number Column of their rows is above Low or, Turned, where it is not.
	Column string
	Turned bool
	Low    float64

	// Features are replayed anew: from the rows of their sources as these finally were, from when they were first known; or with their keys
	// written alike, in one of the ways that Normalisations lists; or with numbers put back that came in another unit.
	Final     bool
	Normalise string
	Units     []Unit
}

// OfOutcomes tells mends of outcomes from those of features.
func (m *Mend) OfOutcomes() bool { return m.Column != "" }

// mends keeps the rule of a run; of runs under different rules none puts all right.
func (c *Claim) mends(m Mend) {
	if len(c.provenFrom) <= 1 {
		c.Mend = &m
	} else if c.Mend != nil && !reflect.DeepEqual(*c.Mend, m) {
		c.Mend = nil
	}
}

// Began is the first instant at which the claim's rows were seen, or its first span begins.
func (c *Claim) Began() time.Time {
	var first time.Time
	earlier := func(t time.Time) {
		if first.IsZero() || t.Before(first) {
			first = t
		}
	}
	for _, s := range c.Seen {
		earlier(s.First)
	}
	for _, s := range c.Spans {
		earlier(s.From)
	}
	return first
}

// adds takes a run of days in.
func (c *Claim) adds(s Span, proven bool) {
	c.Spans = append(c.Spans, s)
	if proven {
		c.provenFrom = append(c.provenFrom, s.From)
	}
}

// overall is a claim of all its runs: proven if the newest is. What was proven weeks ago proves nothing of what came since.
func (c Claim) overall() Claim {
	c.Spans = union(c.Spans)
	newest := c.Spans[len(c.Spans)-1]
	c.Proven = slices.ContainsFunc(c.provenFrom, func(t time.Time) bool {
		return !t.Before(newest.From) && (newest.To.IsZero() || !t.After(newest.To))
	})
	return c
}

// Joined is two claims of one cause about one node as one. Of a proven and a likely one the likely one's features are among those that
// also differ: they were not proven.
func (c Claim) Joined(o *Claim) Claim {
	if o.Proven && !c.Proven {
		other := c
		c, o = *o, &other
	}
	if c.Proven == o.Proven {
		c.Features = withNew(c.Features, o.Features)
	} else {
		c.AlsoDiffers = withNew(c.AlsoDiffers, slices.DeleteFunc(slices.Clone(o.Features), func(f string) bool { return slices.Contains(c.Features, f) }))
	}
	c.AlsoDiffers = withNew(c.AlsoDiffers, o.AlsoDiffers)
	c.Covers, c.Supersedes = withNew(c.Covers, o.Covers), withNew(c.Supersedes, o.Supersedes)
	c.Levels = withNew(c.Levels, o.Levels)
	c.Evidence = withNew(c.Evidence, o.Evidence)
	c.Hypotheses, c.Tried = withNew(c.Hypotheses, o.Hypotheses), bothTried(c.Tried, o.Tried)
	c.Seen = append(slices.Clone(c.Seen), o.Seen...)
	c.Strays = c.Strays && o.Strays
	c.Spans = union(append(slices.Clone(c.Spans), o.Spans...))
	if c.Mend != nil && o.Mend != nil && !reflect.DeepEqual(c.Mend, o.Mend) {
		c.Mend = nil
	} else if c.Mend == nil {
		c.Mend = o.Mend
	}
	c.Events = withNew(c.Events, o.Events)
	slices.SortFunc(c.Events, time.Time.Compare)
	return c
}

// withNew is a and what b has more.
func withNew[T comparable](a, b []T) []T {
	out := slices.Clone(a)
	for _, v := range b {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// Level names a level of a condition: "weather.staleness", "no row".
type Level struct{ Condition, Level string }

// Seen is when a claim's rows of a UTC day were: First and Last bound the instants at which their features were read.
type Seen struct {
	Day, First, Last time.Time
	Rows             int64
}
