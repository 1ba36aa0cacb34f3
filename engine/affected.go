package engine

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/condition"
	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/match"
	"github.com/plumbline-data/plumbline/engine/repair"
	"github.com/plumbline-data/plumbline/engine/report"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Affected writes the predictions that a finding hits to a Parquet file, as they were served and scored and as they should have been. The ledger
// says which finding, and is only read; the last evaluation that holds it is made once more from the loop's files, so that rows, replays and
// scores are those of the night. They are those of the evaluation's window and, before it, of the finding's episodes among the days that the
// evaluation looks at.
func Affected(ctx context.Context, o Options, finding, out string) (*report.Affected, error) {
	l, err := loop.Load(o.LoopFile)
	if err != nil {
		return nil, err
	}
	var told *report.Explanation
	err = o.onLedger(ctx, func(named Options, l *loop.Loop, db *warehouse.DB) (err error) {
		o.Ledger = named.Ledger
		if err := o.guardAffected(l, out); err != nil {
			return err
		}
		told, err = explainFrom(ctx, o, l, db, finding)
		return err
	})
	if err != nil {
		return nil, err
	}
	o.To, o.From = told.Boundary, told.Boundary.Add(-day)
	if o.AsOf, err = time.Parse(time.RFC3339Nano, told.Findings.AsOf); err != nil {
		return nil, fmt.Errorf("ledger: as-of of the evaluation at %s: %w", date(stamp(told.Boundary)), err)
	}
	n, err := open(ctx, o, l)
	if err != nil {
		return nil, err
	}
	defer n.close()
	if err := n.guardAffectedInputs(out); err != nil {
		return nil, err
	}
	return n.affected(ctx, told, out)
}

// again makes the evaluation at the end of the interval, and publishes nothing.
func (n *night) again(ctx context.Context) (err error) {
	if n.scorerDigests, err = scorerDigests(n.loop); err != nil {
		return err
	}
	if n.deck, err = condition.NewDeck(n.plan); err != nil {
		return err
	}
	n.lookBack(n.options.AsOf)
	if err := match.Stage(ctx, n.db, n.plan, n.options.AsOf); err != nil {
		return n.diagnose(ctx, err)
	}
	m, err := n.mature(ctx, &ledger.State{}, n.options.AsOf)
	if err != nil {
		return n.diagnose(ctx, err)
	}
	return n.takeIn(ctx, m, intervalOf(n.options))
}

// affected writes the file.
func (n *night) affected(ctx context.Context, told *report.Explanation, out string) (*report.Affected, error) {
	if err := n.again(ctx); err != nil {
		return nil, err
	}
	at := slices.IndexFunc(n.findings.Findings, func(f report.Finding) bool { return f.ID == told.Finding.ID })
	if at < 0 {
		return nil, fault.Data(n.loop.File, "bring back the files of its days; or, where they were mended, run that day again: the finding is then over",
			"the files no longer show %s (%s at %q) at %s, as the ledger has it", told.Finding.ID, told.Finding.Cause, told.Finding.Node, date(stamp(told.Boundary)))
	}
	now := &n.findings.Findings[at]
	n.compare(told.Finding, now)
	e := &n.sitting.evaluation
	hits, by := n.sitting.index.Affected(n.sitting.question, at, affectedDays(e, at))
	staged := filepath.Join(n.spill.folder, "affected.parquet")
	written, err := repair.Write(ctx, n.db, n.plan, repair.Affected{
		Cube: n.sitting.cube, Hits: hits, Features: slices.Concat(now.Features, now.AlsoDiffers), Basis: by.Basis, WindowFrom: e.Window.From.Start(), Path: staged,
		Footer: repair.Footer{Finding: now.ID, Loop: n.loop.Name, AsOf: n.findings.AsOf, Cause: now.Cause, Node: now.Node, Version: Version},
	})
	if err != nil {
		return nil, err
	}
	if written.InWindow != now.Rows {
		return nil, fmt.Errorf("finding %s hits %d predictions of its window, and %d were written", now.ID, now.Rows, written.InWindow)
	}
	a := n.tellAffected(told, now, written, by)
	a.Path = out
	if err := copyInPlace(ctx, staged, out); err != nil {
		return nil, err
	}
	return a, nil
}

// affectedDays are the days that affected predictions are told of: those of the window, and of the episodes before it.
func affectedDays(e *attribution.Evaluation, finding int) []attribution.Day {
	days := slices.Clone(e.Window.Days)
	f := &e.Findings[finding]
	for _, d := range f.Days {
		if d.Day < e.Window.From && slices.ContainsFunc(f.Episodes, func(s attribution.Episode) bool {
			return d.Day >= s.Onset && (s.End == nil || d.Day < *s.End)
		}) {
			days = append(days, d.Day)
		}
	}
	slices.Sort(days)
	return days
}

// compare warns where the files tell otherwise of a finding than the ledger does.
func (n *night) compare(held, now *report.Finding) {
	same := func(a, b *float64) bool {
		return a == nil && b == nil || a != nil && b != nil && math.Abs(*a-*b) < 1e-8
	}
	if held.Rows == now.Rows && same(held.ExcessLoss, now.ExcessLoss) {
		return
	}
	n.options.Log.Warn().Str("finding", now.ID).Int64("rows", now.Rows).Int64("rows_in_ledger", held.Rows).
		Msg("files, loop file or version are not those of the night: what is written is what they tell now; run that day again to bring the ledger up to date")
}

// tellAffected says what was written, and warns of what could not be told.
func (n *night) tellAffected(told *report.Explanation, f *report.Finding, w *repair.Written, by attribution.Scoring) *report.Affected {
	a := &report.Affected{
		Finding: f, Window: n.findings.Window, Boundary: told.Boundary, AsOf: n.findings.AsOf, Rows: w.Rows, InWindow: w.InWindow, Righted: w.Righted,
		Scored: w.Scored, Logged: w.Logged, Corrected: w.Scores, First: w.First, Last: w.Last,
	}
	var known []string
	for _, one := range w.Features {
		a.Features = append(a.Features, report.AffectedFeature{Name: one.Name, Righted: one.Righted, Corrected: one.Corrected})
		if one.Corrected {
			known = append(known, one.Name)
		}
	}
	if term := n.findings.TermOf(f.ID); term != nil && w.Scored > 0 {
		a.Basis = term.Basis
	}
	warn := n.options.Log.Warn().Str("finding", f.ID)
	switch {
	case w.Rows == 0:
	case len(known) == 0:
		a.Unscored = notCorrected(f)
		warn.Msg("no feature has a corrected value: " + a.Unscored)
	case by.Refused != "":
		a.Unscored = by.Refused
		warn.Msg("score_corrected is NULL: " + by.Refused)
	case w.Scored < w.Righted:
		a.Unscored = "too little is logged of a model version"
		warn.Int64("rows", w.Righted-w.Scored).Strs("notes", n.sitting.notes).Msg("score_corrected is NULL where " + a.Unscored)
	}
	if f.Standing {
		n.options.Log.Warn().Str("finding", f.ID).Str("first_prediction", stamp(w.First)).
			Msg("the finding is as old as the days that were looked at: what it hit before them is not in the file")
	}
	return a
}

// notCorrected says why nothing of a finding's rows can be put right.
func notCorrected(f *report.Finding) string {
	switch {
	case f.Node == condition.OutcomesNode:
		return "it is about outcomes, and what was served is as it should be"
	case len(f.Features) == 0:
		return "it is about no feature"
	}
	return "no replay says what should have been served"
}

// sitting is what a boundary was judged by.
type sitting struct {
	index      *attribution.Index
	cube       *attribution.Cube
	question   attribution.Question
	evaluation attribution.Evaluation
	notes      []string // of scoring anew
}
