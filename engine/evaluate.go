package engine

import (
	"context"
	"errors"
	"slices"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/repair"
	"github.com/plumbline-data/plumbline/engine/replay"
	"github.com/plumbline-data/plumbline/engine/report"
)

// evaluate judges every boundary, on the days that were taken in and as known at the instant that is looked at. Where these days tell that the
// ledger holds more that is no longer so, nothing is judged yet.
func (n *night) evaluate(ctx context.Context, m *maturing) (more bool, err error) {
	scratch, err := ledger.NewScratch(ctx, n.db, n.loop.Name)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, scratch.Close()) }()
	if err := scratch.ReplaceDays(ctx, n.replacement(nil)); err != nil {
		return false, err
	}
	first, end := attribution.DayOf(n.span.context), attribution.DayOf(n.span.end)
	days, err := scratch.Days(ctx, first, end)
	if err != nil {
		return false, err
	}
	if more, err = m.learn(ctx, scratch, days); err != nil || more {
		return more, err
	}
	return false, n.evaluateIn(ctx, scratch, days, m)
}

func (n *night) evaluateIn(ctx context.Context, scratch *ledger.Scratch, days []ledger.DayRow, m *maturing) error {
	first, end := attribution.DayOf(n.span.context), attribution.DayOf(n.span.end)
	cube, err := scratch.Cube(ctx, first, end)
	if err != nil {
		return err
	}
	series, err := scratch.Series(ctx, "", first, end)
	if err != nil {
		return err
	}
	cube.Breached = n.breached()
	s := scene{index: attribution.NewIndex(cube), cube: cube, series: series, days: days, maturing: m}
	n.judged, n.matured, n.rejudged = nil, m.matured(days), nil
	wanted, _ := m.split()
	for i, boundary := range n.span.boundaries {
		if err := ctx.Err(); err != nil {
			return err
		}
		own := n.span.owns(boundary)
		if !own && !slices.Contains(wanted.boundaries, boundary) {
			continue // days that it looks at turned out to be gone
		}
		if err := n.judgeAt(ctx, i, &s); err != nil {
			return err
		}
		if !own {
			n.rejudged = append(n.rejudged, boundary)
		}
	}
	return nil
}

// scene is what the boundaries of a run are judged on.
type scene struct {
	index  *attribution.Index
	cube   *attribution.Cube
	series *ledger.Series
	days   []ledger.DayRow

	maturing *maturing
}

// judgeAt judges the i-th boundary.
func (n *night) judgeAt(ctx context.Context, i int, s *scene) error {
	boundary := n.span.boundaries[i]
	h := n.hear(s.index, i, boundary, s.days)
	h.question.Scores = s.series.Scores
	h.question.Entities = s.series.Entities
	judged, err := n.repaired(ctx, s.index, s.cube, &h)
	if err != nil {
		return err
	}
	e := judged.Evaluate(h.question)
	e.Notes = append(e.Notes, h.notes...)
	n.sitting = sitting{index: judged, cube: s.cube, question: h.question, evaluation: e, notes: h.notes}
	f, err := n.compose(s.series, &e, h.claims)
	if err != nil {
		return err
	}
	var notes []string
	f.Slices, notes = slicesOf(judged, s.cube, h.question)
	f.Notes = append(f.Notes, notes...)
	if !s.maturing.keepsJudgement(boundary, n.span.since[i]) {
		n.judged = append(n.judged, ledger.Evaluation{Boundary: boundary, Findings: atBoundary(f, boundary, s.days), Details: n.details(f, &e, h.claims, n.span.since[i])})
	}
	if n.findings == nil && boundary == attribution.DayOf(n.span.to) {
		n.head(f, attribution.DayOf(n.span.from), s.days)
		n.findings = f
	}
	return nil
}

// hearing is what is asked at a boundary, the causes that are claimed there, what mends them, and what was not as declared where rows were
// scored anew.
type hearing struct {
	question attribution.Question
	claims   []cause.Claim
	mends    []repair.Mend
	notes    []string
}

// hear gathers the causes at the i-th boundary.
func (n *night) hear(index *attribution.Index, i int, boundary attribution.Day, days []ledger.DayRow) hearing {
	told := n.profile.Claims(cause.DayOf(n.span.since[i].Start()), cause.Day(boundary))
	h := hearing{question: n.span.question(n.loop, i), claims: n.claimsAt(i, boundary, told)}
	h.question.Claims, h.mends = n.charged(h.claims, h.question.Since, boundary)
	h.question.Brought = func(source string, d attribution.Day) (int64, bool) { return n.profile.Brought(source, cause.Day(d)) }
	h.question.Unhealthy = n.unhealthy(i, boundary, days, h.claims, told, n.columnDays(index, n.span.since[i], boundary, days))
	return h
}

// repaired gives the index with what rows of the days that a question looks at come to when the findings that hit them are repaired, where that
// can be told, and with how alike others are between which costs are estimated. It looks at no other day: a night says the same in whatever run.
func (n *night) repaired(ctx context.Context, index *attribution.Index, cube *attribution.Cube, h *hearing) (*attribution.Index, error) {
	work := repair.Work{
		Deck: n.deck, Cube: cube, Folder: n.spill.folder, Mends: h.mends,
		Span: replay.Span{From: h.question.Since.Start(), To: h.question.Boundary.Start(), AsOf: n.span.asOf},
	}
	repairs, notes, err := repair.Run(ctx, n.db, n.plan, work, index.Wanted(h.question))
	h.notes = notes
	if err != nil {
		return nil, err
	}
	if repairs != nil {
		index = index.Repaired(repairs)
	}
	balances, err := repair.Balances(ctx, n.db, n.plan, work, index.Contrasts(h.question))
	if err != nil {
		return nil, err
	}
	return index.Balanced(balances), nil
}

// head fills in what findings.json says of the run itself, over the days from `from` to the boundary.
func (n *night) head(f *report.Findings, from attribution.Day, days []ledger.DayRow) {
	end := attribution.DayOf(n.span.to)
	f.RunID = n.runID
	f.Interval = report.Interval{From: stamp(from.Start()), To: stamp(end.Start())}
	f.Outcomes = sumCounts(days, from, end)
	f.Notes = append(append(f.Notes, countNotes(f.Outcomes)...), slices.Concat(n.tally.Notes(), n.clues.notes)...)
}

// atBoundary is the evaluation as the ledger keeps it: of the night that ends at the boundary, whatever longer run made
// it, so that nights and a backfill of them leave the same ledger.
func atBoundary(f *report.Findings, boundary attribution.Day, days []ledger.DayRow) *report.Findings {
	kept := *f
	kept.Interval = report.Interval{From: stamp((boundary - 1).Start()), To: stamp(boundary.Start())}
	kept.Outcomes = sumCounts(days, boundary-1, boundary)
	return &kept
}

// sumCounts adds up the balance sheets of the days in [from, to).
func sumCounts(days []ledger.DayRow, from, to attribution.Day) report.Counts {
	var sum report.Counts
	for _, d := range days {
		if d.Day < from || d.Day >= to {
			continue
		}
		c := d.Counts
		sum.Predictions += c.Predictions
		sum.Invalid += c.Invalid
		sum.Superseded += c.Superseded
		sum.Hindsight += c.Hindsight
		sum.Matched += c.Matched
		sum.Pending += c.Pending
		sum.Missing += c.Missing
		sum.Late += c.Late
		sum.Repeated += c.Repeated
		sum.Corrected += c.Corrected
		sum.Duplicated += c.Duplicated
		sum.Withdrawn += c.Withdrawn
		sum.Orphans += c.Orphans
	}
	return sum
}
