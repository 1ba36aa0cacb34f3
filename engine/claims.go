package engine

import (
	"cmp"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/condition"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/repair"
)

// soundShare is the share of a day's predictions below which rows under a proven cause leave the day healthy.
const soundShare = 0.01

// caseOf is what the trials of the run say.
func (n *night) caseOf() *cause.Case {
	return &cause.Case{Trials: n.trials.Days, Labels: n.trials.Labels, JobOf: func(source string) string { return n.origin(source).Job }}
}

// claimsAt judges the causes at the i-th boundary, on the days that its judgement looks at. Told is what the history of
// sources and outcomes says there.
func (n *night) claimsAt(i int, boundary attribution.Day, told []cause.Claim) []cause.Claim {
	from := boundary - attribution.Day(n.loop.Evaluate.Window/day)
	claims := n.caseOf().Claims(n.span.since[i].Start(), from.Start(), boundary.Start())
	claims = absorbed(n.columnClaims(from.Start(), boundary.Start()), claims)
	for _, c := range told {
		if reaches(&c, from.Start(), boundary.Start()) {
			claims = append(claims, c)
		}
	}
	claims = append(claims, cause.MissClaims(n.trials.Misses, n.span.since[i].Start(), from.Start(), boundary.Start())...)
	claims = settled(together(claims))
	slices.SortStableFunc(claims, func(a, b cause.Claim) int {
		return cmp.Or(cmp.Compare(a.Node, b.Node), cmp.Compare(a.Cause, b.Cause))
	})
	return claims
}

// reaches tells whether one of a claim's spans touches [from, to).
func reaches(c *cause.Claim, from, to time.Time) bool {
	return slices.ContainsFunc(c.Spans, func(s cause.Span) bool { return s.From.Before(to) && (s.To.IsZero() || s.To.After(from)) })
}

// together makes one of the claims of one cause at one node: they are one finding.
func together(claims []cause.Claim) []cause.Claim {
	var all []cause.Claim
	for _, c := range claims {
		at := slices.IndexFunc(all, func(o cause.Claim) bool { return o.Cause == c.Cause && o.Node == c.Node })
		if at < 0 {
			all = append(all, c)
			continue
		}
		all[at] = all[at].Joined(&c)
	}
	return all
}

// settled takes likely claims about a node into the proven one that began with them, within a day: a proven cause explains
// what else was noticed there.
func settled(claims []cause.Claim) []cause.Claim {
	var all []cause.Claim
	for _, c := range claims {
		if !c.Proven && slices.ContainsFunc(claims, func(p cause.Claim) bool { return explains(&p, &c) }) {
			continue
		}
		all = append(all, c)
	}
	for i := range all {
		for j := range claims {
			if explains(&all[i], &claims[j]) {
				all[i].Levels = append(slices.Clone(all[i].Levels), claims[j].Levels...)
				all[i].Evidence = append(slices.Clone(all[i].Evidence), claims[j].Evidence...)
			}
		}
	}
	return all
}

// explains tells whether a proven claim began at the node of a likely one on its day, or the day before or after.
func explains(proven, likely *cause.Claim) bool {
	if !proven.Proven || likely.Proven || likely.Node != proven.Node && !slices.Contains(proven.Sources, likely.Node) {
		return false
	}
	return proven.Began().Sub(likely.Began()).Abs() <= day+time.Hour
}

// charged gives claims as the account at a boundary takes them, which looks at no day before since, and what mends them.
func (n *night) charged(claims []cause.Claim, since, boundary attribution.Day) (all []attribution.Claim, mends []repair.Mend) {
	all = make([]attribution.Claim, len(claims))
	for i := range claims {
		c := &claims[i]
		one := attribution.Claim{Cause: string(c.Cause), Node: c.Node, Nodes: slices.Concat(c.Sources, c.Covers), Proven: c.Proven, Tier: attribution.Tier(c.Tier),
			Outcome: c.Node == condition.OutcomesNode}
		one.Levels = levelsOf(c)
		if c.Strays {
			one.On = ownDays(c, boundary)
		}
		if c.Mend != nil && n.mendable(c) {
			one.Mend, mends = mendOf(mends, c, since, boundary)
		}
		if len(c.Levels) == 0 {
			one.Spans, one.Features, one.Thinned = daySpans(c.Spans), c.Features, c.Parameters["what"] == "rows"
		}
		all[i] = one
	}
	return all, mends
}

// levelsOf names a claim's levels.
func levelsOf(c *cause.Claim) (all []attribution.LevelName) {
	for _, l := range c.Levels {
		all = append(all, attribution.LevelName{Condition: l.Condition, Level: l.Level})
	}
	return all
}

// mendable tells whether a mend of a claim puts its rows right: final rows must be known, and the rows that a feature leaves out must not be
// told by numbers that came in another unit.
func (n *night) mendable(c *cause.Claim) bool {
	filtered := slices.ContainsFunc(n.plan.Features, func(f plan.Feature) bool {
		return f.Filter >= 0 && slices.Contains(slices.Concat(c.Features, c.AlsoDiffers), f.Decl.Name)
	})
	return (!c.Mend.Final || n.corrects(c.Node)) && (len(c.Mend.Units) == 0 || !filtered)
}

// corrects tells whether the final rows of a source are known: those with ids are corrected one by one, where of whole deliveries a row that
// is left out may be wrong or only old.
func (n *night) corrects(source string) bool {
	s := n.source(source)
	return s != nil && len(s.ID) > 0 && !s.Snapshot
}

// mendOf numbers what puts a claim's rows right, from 1, and adds it to the mends; 0 where there is no room for more.
func mendOf(mends []repair.Mend, c *cause.Claim, since, boundary attribution.Day) (int, []repair.Mend) {
	if len(mends) == attribution.MostMends {
		return 0, mends
	}
	m := repair.Mend{Mend: *c.Mend, Features: slices.Concat(c.Features, c.AlsoDiffers), Days: attribution.DaySpan{From: since, To: boundary}}
	if len(c.Levels) == 0 { // else wherever a row bears them
		m.Days = attribution.DaySpan{From: boundary, To: boundary}
		for _, s := range daySpans(c.Spans) {
			m.Days.From, m.Days.To = min(m.Days.From, s.From), max(m.Days.To, min(s.To, boundary))
		}
	}
	return len(mends) + 1, append(mends, m)
}

// ownDays are the days before a boundary on which a claim has rows, or where these are not known one by one those of its spans.
func ownDays(c *cause.Claim, boundary attribution.Day) []attribution.Day {
	days := []attribution.Day{}
	for _, s := range c.Seen {
		days = append(days, attribution.DayOf(s.Day))
	}
	if len(c.Seen) == 0 {
		for _, s := range daySpans(c.Spans) {
			for d := s.From; d < min(s.To, boundary); d++ {
				days = append(days, d)
			}
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// daySpans are the days that spans touch.
func daySpans(spans []cause.Span) []attribution.DaySpan {
	all := make([]attribution.DaySpan, len(spans))
	for i, s := range spans {
		all[i] = attribution.DaySpan{From: attribution.DayOf(s.From), To: 1 << 30}
		if !s.To.IsZero() {
			all[i].To = attribution.DayOf(s.To.Add(day - 1))
		}
	}
	return all
}

// unhealthy tells the days under a proven cause, of those that the i-th boundary, with its claims, looks at. Gone counts, by day, the predictions
// of columns that were gone.
func (n *night) unhealthy(i int, boundary attribution.Day, days []ledger.DayRow, claims, told []cause.Claim, gone map[attribution.Day]int64) func(attribution.Day) bool {
	predictions := map[attribution.Day]int64{}
	for _, d := range days {
		predictions[d.Day] = d.Counts.Predictions
	}
	hit := map[attribution.Day]bool{}
	for d, rows := range n.caseOf().ProvenDays(n.span.since[i].Start(), boundary.Start()) {
		at := attribution.DayOf(d)
		hit[at] = float64(rows) >= soundShare*float64(predictions[at])
	}
	for d, rows := range gone {
		hit[d] = hit[d] || rows > 0 && float64(rows) >= soundShare*float64(predictions[d])
	}
	for _, c := range claims {
		for _, s := range c.Seen {
			at := attribution.DayOf(s.Day)
			hit[at] = hit[at] || c.Proven && float64(s.Rows) >= soundShare*float64(predictions[at])
		}
	}
	for _, c := range told {
		for _, s := range c.Spans {
			for d := attribution.DayOf(s.From); c.Proven && d < boundary && (s.To.IsZero() || d.Start().Before(s.To)); d++ {
				hit[d] = true
			}
		}
	}
	return func(d attribution.Day) bool { return hit[d] }
}

// begins tells whether an episode is what began with an event: by a day at most, or, where the first rows to show it came later, in the
// course of the span that began with the event.
func begins(c *cause.Claim, at time.Time, e attribution.Episode) bool {
	near := func(day attribution.Day) bool {
		return attribution.DayOf(at) >= day-1 && attribution.DayOf(at) <= day+1
	}
	return near(e.Onset) || c.Strays && slices.ContainsFunc(c.Spans, func(s cause.Span) bool {
		return near(attribution.DayOf(s.From)) && within(s, e.Onset)
	})
}

// within tells whether a day begins in a span.
func within(s cause.Span, day attribution.Day) bool {
	return !day.Start().Before(s.From) && (s.To.IsZero() || day.Start().Before(s.To))
}

// hour moves an instant down to its hour, or up.
func hour(t time.Time, up bool) time.Time {
	floor := t.UTC().Truncate(time.Hour)
	if up {
		return floor.Add(time.Hour)
	}
	return floor
}

// refined gives the onset and the end of an episode to the hour: those of the claim's spans, or of the first row of its first
// day and of the last row of its last one, where these are known. Outcomes are broken from an event on, whose predictions
// were made before it: where a claim names it, and it is near enough to be of this episode, it is the onset.
func refined(c *cause.Claim, e attribution.Episode) (onset time.Time, end *time.Time) {
	onset = e.Onset.Start()
	var first, last time.Time
	for _, s := range c.Spans {
		if attribution.DayOf(s.From) == e.Onset || c.Strays && len(c.Seen) == 0 && within(s, e.Onset) {
			first = s.From // the first rows to show it may come later
		}
		if e.End != nil && !s.To.IsZero() && attribution.DayOf(s.To.Add(-1)) == *e.End-1 {
			last = s.To.Add(-1)
		}
	}
	for _, s := range c.Seen {
		switch d := attribution.DayOf(s.Day); {
		case d == e.Onset && (first.IsZero() || s.First.Before(first)):
			first = s.First
		}
		if d := attribution.DayOf(s.Day); e.End != nil && d == *e.End-1 && s.Last.After(last) {
			last = s.Last
		}
	}
	for _, at := range c.Events {
		if begins(c, at, e) {
			first = at
			break
		}
	}
	if !first.IsZero() {
		onset = hour(first, false)
	}
	if e.End == nil {
		return onset, nil
	}
	at := e.End.Start()
	if !last.IsZero() {
		at = hour(last, true)
	}
	return onset, &at
}
