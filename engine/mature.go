package engine

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/match"
	"github.com/plumbline-data/plumbline/engine/replay"
	"github.com/plumbline-data/plumbline/engine/report"
)

// A ledger is as of one instant, the newest that a run of it had. A run that goes further finds what became known since, takes the days in that
// it is about, and judges those boundaries again whose judgement it can change: whatever nights a ledger was made by, it ends as one run over
// all of them would make it.

// maturing is what a ledger holds that may no longer be so.
type maturing struct {
	night *night
	held  *ledger.State
	asOf  time.Time
	core  daysBetween // what is taken in at any rate: what is taken in with it is near it

	filled  []time.Time                  // days that the ledger has predictions of
	news    map[attribution.Day]*dayNews // days that differ
	changed map[attribution.Day]bool     // of these, those of which nothing tells why
	probed  map[attribution.Day]bool     // days that may
	revised map[string]attribution.Day   // by source: the first day whose rows were corrected since
	spared  map[attribution.Day]bool     // days whose inputs are gone, in part at least: the ledger's stay
	empty   map[attribution.Day]bool     // of these, those of which no prediction is left
	whole   attribution.Day              // the first day that sources reach back far enough for
	clues   map[attribution.Day]bool     // boundaries whose findings' evidence has more by now, as far as they were looked at
}

// dayNews is why a day differs.
type dayNews struct{ delivered, came, changed, expired int64 }

// Matured is a day of the ledger that a run took in again, because it is known otherwise than it was.
type Matured struct {
	Day time.Time
	Why string
}

// mature finds what of a ledger may no longer be so as of an instant, as far as that can be told before rows are taken in. It needs what
// match.Stage leaves.
func (n *night) mature(ctx context.Context, held *ledger.State, asOf time.Time) (*maturing, error) {
	m := &maturing{
		night: n, held: held, asOf: asOf, news: map[attribution.Day]*dayNews{}, probed: map[attribution.Day]bool{}, changed: map[attribution.Day]bool{},
		revised: map[string]attribution.Day{}, spared: map[attribution.Day]bool{}, empty: map[attribution.Day]bool{}, clues: map[attribution.Day]bool{},
	}
	for _, d := range held.Days {
		if d.Counts.Predictions > 0 {
			m.filled = append(m.filled, d.Day.Start())
		}
	}
	interval := intervalOf(n.options)
	m.core = daysBetween{attribution.DayOf(contextOf(n.loop, interval.from.Add(day), m.filled)), attribution.DayOf(interval.to)}
	if m.idle() || !held.Since.Before(asOf) {
		return m, nil
	}
	known, err := match.NewsSince(ctx, n.db, n.plan, held.Since, asOf)
	if err != nil {
		return nil, err
	}
	for _, k := range known {
		d := attribution.DayOf(k.Day)
		switch {
		case m.holds(d) && !m.behind(d):
		case k.Delivered+k.Came+k.Changed > 0: // of a day that the ledger lacks, too: domains of later ones rest on it
			m.news[d] = &dayNews{delivered: k.Delivered, came: k.Came, changed: k.Changed}
		case m.holds(d):
			m.probed[d] = true
		}
	}
	for i := range held.Days {
		d := &held.Days[i]
		m.probed[d.Day] = m.probed[d.Day] || m.behind(d.Day) && (!d.Closed || m.expires(d) || d.Differs && (d.Day+1).Start().Add(replay.Ahead).After(held.Since))
	}
	return m, nil
}

// idle tells that nothing is to be looked for: there is nothing, or it is of an older plumbline, which is brought up to date first.
func (m *maturing) idle() bool { return len(m.held.Days) == 0 || m.held.Older }

// holds tells whether the ledger holds a day.
func (m *maturing) holds(d attribution.Day) bool { return m.held.At(d) != nil }

// behind tells whether the ledger holds a day as of an earlier instant.
func (m *maturing) behind(d attribution.Day) bool {
	held := m.held.At(d)
	return held != nil && held.AsOf.Before(m.asOf)
}

// expires tells whether predictions of a day that wait for an outcome may come to the end of their horizon.
func (m *maturing) expires(d *ledger.StateDay) bool {
	horizon := m.night.loop.Outcomes.Horizon
	return d.Counts.Pending > 0 && !d.Day.Start().Add(horizon).After(m.asOf) && (d.Day + 1).Start().Add(horizon).After(d.AsOf)
}

// farApart is how many days must lie between two parts of what is taken in again for them to be taken in one after the other.
const farApart = 14

// ranges lists what is taken in for each day and boundary that is to be taken in again, and puts together what overlaps or lies near; the core is
// among them.
func (m *maturing) ranges(more again) []daysBetween {
	all := []daysBetween{m.core}
	for _, d := range more.days {
		all = append(all, daysBetween{d, d + 1})
	}
	for _, b := range more.boundaries {
		all = append(all, daysBetween{m.since(b), b})
	}
	slices.SortFunc(all, func(a, b daysBetween) int { return int(a.from - b.from) })
	parts := all[:1]
	for _, r := range all[1:] {
		if last := &parts[len(parts)-1]; r.from <= last.to+farApart {
			last.to = max(last.to, r.to)
			continue
		}
		parts = append(parts, r)
	}
	return parts
}

// split parts what is to be taken in again into what is near the core, and what is far from it, in parts of their own.
func (m *maturing) split() (near again, far []daysBetween) {
	all := m.again()
	around := m.core
	for _, r := range m.ranges(all) {
		if r.from <= m.core.from && r.to >= m.core.to {
			around = r
		} else {
			far = append(far, r)
		}
	}
	outside := func(d attribution.Day) bool { return d < around.from || d >= around.to }
	near.days = slices.DeleteFunc(all.days, outside)
	near.boundaries = slices.DeleteFunc(all.boundaries, func(b attribution.Day) bool { return outside(b - 1) })
	return near, far
}

// pieces are the parts far from the core that were not taken in yet.
func (m *maturing) pieces() (far []daysBetween) {
	_, far = m.split()
	return slices.DeleteFunc(far, func(r daysBetween) bool {
		return slices.ContainsFunc(m.night.taken, func(t daysBetween) bool { return t.from <= r.from && r.to <= t.to })
	})
}

// since is the first day that a judgement of the ledger looks at.
func (m *maturing) since(boundary attribution.Day) attribution.Day {
	return attribution.DayOf(contextOf(m.night.loop, boundary.Start(), m.filled))
}

// owns tells whether a boundary is one of the interval's.
func (m *maturing) owns(boundary attribution.Day) bool {
	return intervalOf(m.night.options).owns(boundary)
}

// again lists all that is to be taken in again beside the core.
func (m *maturing) again() (more again) {
	if m.idle() {
		return more
	}
	for _, d := range m.held.Days {
		if (m.news[d.Day] != nil || m.probed[d.Day]) && !m.spared[d.Day] {
			more.days = append(more.days, d.Day)
		}
	}
	for i := range m.held.Boundaries {
		if j := &m.held.Boundaries[i]; !m.owns(j.Boundary) && m.wants(j) {
			more.boundaries = append(more.boundaries, j.Boundary)
		}
	}
	return more
}

// wants tells whether a judgement may be another by now: its days differ, or those before them by which domains and outcomes are judged; its
// window has come of an age at which the baseline knows more; evidence was written since; or rows that its costs rest on were corrected. One that
// is as of the instant already is another only where days are found otherwise than the ledger has them.
func (m *maturing) wants(j *ledger.Judged) bool {
	since := m.since(j.Boundary)
	differs, judged := false, !j.AsOf.Before(m.asOf)
	for d := since - domainDays; d < j.Boundary; d++ {
		if m.spared[d] && d >= since {
			return false
		}
		differs = differs || m.news[d] != nil && (!judged || m.changed[d])
	}
	if differs || judged {
		return differs
	}
	return m.ripens(j.Boundary, since) || m.clued(j) || slices.ContainsFunc(j.Findings, func(f ledger.JudgedFinding) bool {
		first, ok := m.revised[f.Node]
		return ok && f.Cause == string(cause.SourceRevised) && first < j.Boundary
	})
}

// ripens tells whether a day of a boundary's window has come of an age up to which more is known of the days that are looked at.
func (m *maturing) ripens(boundary, since attribution.Day) bool {
	oldest := int16(-1)
	for _, d := range m.held.From(since) {
		if d.Day >= boundary {
			break
		}
		oldest = max(oldest, d.Age)
	}
	for d := boundary - attribution.Day(m.night.loop.Evaluate.Window/day); d < boundary; d++ {
		if attribution.Ripens(d, m.held.Since, m.asOf, oldest) {
			return true
		}
	}
	return false
}

// clued tells whether the evidence of a judgement's findings beside the rows has more by now. What it lacks, its files may have lost.
func (m *maturing) clued(j *ledger.Judged) bool {
	more, looked := m.clues[j.Boundary]
	if looked {
		return more
	}
	more = slices.ContainsFunc(j.Findings, func(f ledger.JudgedFinding) bool {
		finding := report.Finding{Node: f.Node, Job: f.Job, Sources: f.Sources, Features: f.Features}
		lines := m.night.clue(&finding, m.night.originOf(f.Node, f.Sources).Namespace, f.Onset)
		return slices.ContainsFunc(lines, func(line string) bool { return !slices.Contains(f.Evidence, line) })
	})
	m.clues[j.Boundary] = more
	return more
}

// learn takes in what the days that were taken in came to, beside those that the ledger holds, and tells whether more is to be taken in.
func (m *maturing) learn(ctx context.Context, scratch *ledger.Scratch, days []ledger.DayRow) (more bool, err error) {
	if len(m.held.Days) == 0 {
		return false, nil
	}
	if err := m.spare(ctx, scratch, days); err != nil || m.idle() {
		return false, err
	}
	changed, err := scratch.Changed(ctx, m.night.options.Ledger, m.night.ledgerOptions())
	if err != nil {
		return false, err
	}
	m.whole = m.wholeFrom()
	var beside []attribution.Day
	for _, c := range changed {
		switch {
		case !c.Cells || m.spared[c.Day]:
		case m.beside(c.Day):
			beside = append(beside, c.Day)
		case m.news[c.Day] == nil:
			m.news[c.Day], m.changed[c.Day] = &dayNews{}, true
		}
	}
	for _, d := range beside {
		m.spared[d] = true
	}
	if err := m.corrections(ctx); err != nil {
		return false, err
	}
	s := m.night.span
	wanted, _ := m.split()
	taken := func(d attribution.Day) bool { return d >= attribution.DayOf(s.context) && d < attribution.DayOf(s.end) }
	judged := func(b attribution.Day) bool { return slices.Contains(s.boundaries, b) }
	return !every(wanted.days, taken) || !every(wanted.boundaries, judged), nil
}

func every(all []attribution.Day, is func(attribution.Day) bool) bool {
	return !slices.ContainsFunc(all, func(d attribution.Day) bool { return !is(d) })
}

// corrections finds the first day whose rows were corrected since, of each source whose rows have ids.
func (m *maturing) corrections(ctx context.Context) error {
	if !m.held.Since.Before(m.asOf) {
		return nil
	}
	for i := range m.night.plan.Sources {
		source := &m.night.plan.Sources[i]
		if !source.Static {
			if err := m.fresh(ctx, source.Index); err != nil {
				return err
			}
		}
		if source.Static || source.Decl.Snapshot || len(source.IDs) == 0 {
			continue
		}
		err := m.night.db.Query(ctx, "031_out_revised", source.Index, map[string]any{"since": m.held.Since.Add(-match.Slack)}, func(rows *sql.Rows) error {
			var first sql.NullTime
			err := rows.Scan(&first)
			if first.Valid {
				m.revised[source.Decl.Name] = attribution.DayOf(first.Time.UTC())
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// fresh has the days that contradict a replay looked at again from the first day on of which a source brought a row since: as it finally was, a
// source may tell of them what it did not.
func (m *maturing) fresh(ctx context.Context, source int) error {
	return m.night.db.Query(ctx, "032_out_fresh", source, map[string]any{"since": m.held.Since.Add(-match.Slack)}, func(rows *sql.Rows) error {
		var first sql.NullTime
		if err := rows.Scan(&first); err != nil || !first.Valid {
			return err
		}
		for i := range m.held.Days {
			d := &m.held.Days[i]
			m.probed[d.Day] = m.probed[d.Day] || m.behind(d.Day) && d.Differs && (d.Day+1).Start().Add(replay.Ahead).After(first.Time.UTC())
		}
		return nil
	})
}

// matured tells, of the days that were taken in again, those that differ from what the ledger held, and why.
func (m *maturing) matured(days []ledger.DayRow) (all []Matured) {
	for _, d := range days {
		held := m.held.At(d.Day)
		if held == nil || m.spared[d.Day] {
			continue
		}
		news := dayNews{}
		if known := m.news[d.Day]; known != nil {
			news = *known
		}
		news.expired = max(d.Counts.Missing-held.Counts.Missing, 0)
		if m.news[d.Day] != nil || news.expired > 0 {
			all = append(all, Matured{Day: d.Day.Start(), Why: news.String()})
		}
	}
	return all
}

// String says why a day differs.
func (n dayNews) String() string {
	var parts []string
	for _, p := range []struct {
		count     int64
		one, what string
	}{
		{n.came, "outcome", "came"}, {n.changed, "outcome", "changed"}, {n.expired, "outcome", "did not come in time"}, {n.delivered, "prediction", "came"},
	} {
		many := "s"
		if p.count == 1 {
			many = ""
		}
		if p.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s%s %s", p.count, p.one, many, p.what))
		}
	}
	if len(parts) == 0 {
		return "its inputs are others than they were"
	}
	return strings.Join(parts, ", ")
}
