package engine

import (
	"context"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/match"
	"github.com/plumbline-data/plumbline/engine/report"
)

// Knowledge only grows: a day that its files say less of than the ledger does has lost files, to retention most likely. What the ledger holds of
// it is better, and stays; so does what was judged by it.

// domainDays is by how many days before it a day's domains are judged.
const domainDays = attribution.Day(match.ReadBefore / day)

// spare finds, of the days that were taken in, those that the ledger's are better than.
func (m *maturing) spare(ctx context.Context, scratch *ledger.Scratch, days []ledger.DayRow) error {
	found, err := scratch.Found(ctx)
	if err != nil {
		return err
	}
	aside := map[attribution.Day]int64{} // outcomes that were contradicted or withdrawn since, by the day of their event
	for _, d := range days {
		if held := m.held.At(d.Day); held != nil {
			aside[d.Day] = max(d.Counts.Duplicated-held.Counts.Duplicated, 0) + max(d.Counts.Withdrawn-held.Counts.Withdrawn, 0)
		}
	}
	for i := range days {
		d := &days[i]
		if held := m.held.At(d.Day); held != nil && m.lost(d, held, found[d.Day], aside) {
			m.spared[d.Day] = true
		}
	}
	s := m.night.span
	for _, held := range m.held.From(attribution.DayOf(ceilDay(s.looked))) {
		if held.Day >= attribution.DayOf(s.end) {
			break
		}
		if _, there := slices.BinarySearchFunc(s.filled, held.Day.Start(), time.Time.Compare); held.Counts.Predictions > 0 && !there {
			m.spared[held.Day], m.empty[held.Day] = true, true
		}
	}
	return nil
}

// lost tells whether files of a day are gone. A day of the interval, which is to be taken in as its files are, must have lost over half of
// something.
func (m *maturing) lost(d *ledger.DayRow, held *ledger.StateDay, found map[string]int64, aside map[attribution.Day]int64) bool {
	own := m.night.span.has(d.Day)
	fewer := func(before, after, explained int64) bool {
		if own {
			return after < before-before/2
		}
		return after < before-explained
	}
	news := m.news[d.Day]
	spoilt := !own && d.Counts.Invalid > held.Counts.Invalid && (news == nil || news.delivered == 0) // a run refuses too many of its interval itself
	if spoilt || fewer(held.Counts.Predictions, d.Counts.Predictions, 0) {
		return true
	}
	if held.LayoutID != m.night.deck.Layout.ID {
		return false // the loop file was changed: what is found may be otherwise by it
	}
	var explained int64
	if news != nil {
		explained = news.changed + news.delivered
	}
	setAside := explained
	for event := d.Day; event <= d.Day+m.night.horizonDays(); event++ {
		setAside += aside[event]
	}
	if fewer(knownOutcomes(held.Counts), knownOutcomes(d.Counts), setAside) {
		return true
	}
	for join, n := range held.Found {
		if fewer(n, found[join], explained) {
			return true
		}
	}
	return false
}

// knownOutcomes is of how many predictions the outcome is known.
func knownOutcomes(c report.Counts) int64 { return c.Matched + c.Late + c.Hindsight }

// horizonDays is in how many days after that of a prediction its outcome may happen.
func (n *night) horizonDays() attribution.Day {
	return attribution.Day((n.loop.Outcomes.Horizon+day-1)/day) + 1
}

// beside tells whether a day that is taken in lies so near to what is gone that it may be another by that alone: its domains are judged by days
// whose predictions are gone, or it looks back beyond where a source begins that has lost files.
func (m *maturing) beside(d attribution.Day) bool {
	if m.night.span.has(d) {
		return false
	}
	for gone := d - domainDays; gone < d; gone++ {
		if m.empty[gone] {
			return true
		}
	}
	return d < m.whole
}

// shrunk tells whether an input has lost a file that runs read, or rows of one.
func (m *maturing) shrunk(input string) bool {
	table := m.night.plan.Inventory.Table(input)
	if table == nil {
		return false
	}
	now := map[string]*intake.File{}
	for i := range table.Files {
		now[table.Files[i].Name] = &table.Files[i]
	}
	return slices.ContainsFunc(m.held.Files, func(f ledger.ReadFile) bool {
		is := now[f.File]
		return f.Input == input && (is == nil || is.Rows >= 0 && is.Rows < f.Rows || is.Rows < 0 && is.Size < f.Size)
	})
}

// wholeFrom is the first day that sources which have lost files reach back far enough for: of each the first day of its rows, and as much as its
// features look back over.
func (m *maturing) wholeFrom() (whole attribution.Day) {
	n := m.night
	for i := range n.profile.Sources {
		h := &n.profile.Sources[i]
		if len(h.Days) == 0 || !m.shrunk(h.Name) {
			continue
		}
		var back time.Duration
		for k := range n.plan.Features {
			f := &n.plan.Features[k]
			if f.Join < 0 || n.plan.Sources[n.plan.Joins[f.Join].Source].Decl.Name != h.Name {
				continue
			}
			reach := f.Decl.Within
			if w := f.Decl.Window; w != nil {
				reach = w.Offset + w.Length
			}
			if reach == 0 {
				reach = match.ReadBefore // any age
			}
			back = max(back, reach)
		}
		whole = max(whole, attribution.DayOf(ceilDay(h.Days[0].Day.Start().Add(back))))
	}
	return whole
}

// sparedDays lists the days of which the ledger's stay.
func (m *maturing) sparedDays() (days []attribution.Day) {
	for _, d := range m.held.Days {
		if m.spared[d.Day] {
			days = append(days, d.Day)
		}
	}
	return days
}

// keepsJudgement tells whether the ledger has a judgement of the interval that was made by days that are gone.
func (m *maturing) keepsJudgement(boundary, since attribution.Day) bool {
	if !slices.ContainsFunc(m.held.Boundaries, func(j ledger.Judged) bool { return j.Boundary == boundary }) {
		return false
	}
	for d := since; d < boundary; d++ {
		if m.spared[d] {
			return true
		}
	}
	return false
}

// keepOutcomes tells of which days the counts of outcomes by the day of their event stay as the ledger has them: predictions are gone that their
// outcomes may be of, or outcomes are.
func (n *night) keepOutcomes(ctx context.Context, held *ledger.State, stale, fewer []attribution.Day) (keep, restate []attribution.Day, err error) {
	if len(stale) == 0 {
		return fewer, nil, nil
	}
	before := n.horizonDays()
	there, err := match.Days(ctx, n.db, n.plan, (stale[0] - before).Start(), (stale[len(stale)-1] + 1).Start(), n.span.asOf)
	if err != nil {
		return nil, nil, err
	}
	filled := map[attribution.Day]bool{}
	for _, d := range there {
		filled[attribution.DayOf(d)] = true
	}
	gone := map[attribution.Day]bool{}
	for _, d := range held.Days {
		gone[d.Day] = d.Counts.Predictions > 0 && !filled[d.Day] || slices.Contains(n.spared, d.Day)
	}
	keep = fewer
	for _, day := range stale {
		kept := false
		for d := day - before; d <= day; d++ {
			kept = kept || gone[d]
		}
		if kept {
			keep = append(keep, day)
		} else {
			restate = append(restate, day)
		}
	}
	return keep, restate, nil
}
