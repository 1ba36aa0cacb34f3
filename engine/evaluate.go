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

// evaluate judges every boundary of the interval, on the days that this run took in and as known at its own as-of.
func (n *night) evaluate(ctx context.Context) error {
	scratch, err := ledger.NewScratch(ctx, n.db, n.loop.Name)
	if err != nil {
		return err
	}
	return errors.Join(n.evaluateIn(ctx, scratch), scratch.Close())
}

func (n *night) evaluateIn(ctx context.Context, scratch *ledger.Scratch) error {
	if err := scratch.ReplaceDays(ctx, n.replacement()); err != nil {
		return err
	}
	first, end := attribution.DayOf(n.span.context), attribution.DayOf(n.span.to)
	cube, err := scratch.Cube(ctx, first, end)
	if err != nil {
		return err
	}
	days, err := scratch.Days(ctx, first, end)
	if err != nil {
		return err
	}
	series, err := scratch.Series(ctx, "", first, end)
	if err != nil {
		return err
	}
	cube.Breached = n.breached()
	index := attribution.NewIndex(cube)
	boundaries := n.span.boundaries()
	for i, boundary := range boundaries {
		if err := ctx.Err(); err != nil {
			return err
		}
		h := n.hear(index, i, boundary, days)
		h.question.Scores = series.Scores
		h.question.Entities = series.Entities
		judged, err := n.repaired(ctx, index, cube, &h)
		if err != nil {
			return err
		}
		e := judged.Evaluate(h.question)
		e.Notes = append(e.Notes, h.notes...)
		f, err := n.compose(series, &e, h.claims)
		if err != nil {
			return err
		}
		var notes []string
		f.Slices, notes = slicesOf(judged, cube, h.question)
		f.Notes = append(f.Notes, notes...)
		n.judged = append(n.judged, ledger.Evaluation{Boundary: boundary, Findings: n.atBoundary(f, boundary, days), Details: n.details(f, &e, h.claims, n.span.since[i])})
		if i == len(boundaries)-1 {
			n.head(f, attribution.DayOf(n.span.from), days)
			n.findings = f
		}
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
	h := hearing{question: n.span.question(n.loop, i, boundary), claims: n.claimsAt(i, boundary, told)}
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
func (n *night) atBoundary(f *report.Findings, boundary attribution.Day, days []ledger.DayRow) *report.Findings {
	kept := *f
	kept.RunID = n.identify((boundary - 1).Start(), boundary.Start())
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
