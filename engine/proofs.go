package engine

import (
	"cmp"
	"slices"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/report"
)

// shownRows is how many rows a finding is shown by.
const shownRows = 10

// details gives what the ledger keeps of the findings of an evaluation beside their rows: f and e list the same findings. Since
// is the first day that the evaluation looks at.
func (n *night) details(f *report.Findings, e *attribution.Evaluation, since attribution.Day) []ledger.Detail {
	all := make([]ledger.Detail, len(e.Findings))
	for i := range e.Findings {
		x := &e.Findings[i]
		all[i] = ledger.Detail{Finding: f.Findings[i].ID, Proof: proofRows(n.trials.Samples, x, since, e.Window.From, e.Boundary), Days: x.Days}
	}
	return all
}

// proofRows chooses the rows that a finding is shown by, of the samples that bear one of its levels: of the window's days, or
// of all since where the window has none. Rows that a hypothesis reproduces come first; then each feature gives its first row
// of each day before any gives a second, earlier days first.
func proofRows(samples []cause.Sample, x *attribution.Finding, since, from, boundary attribution.Day) []ledger.ProofRow {
	type level struct{ condition, level string }
	of := map[level]bool{}
	for _, l := range x.Levels {
		of[level{l.Condition, l.Level}] = true
	}
	type cell struct {
		feature string
		day     attribution.Day
		named   bool
	}
	type candidate struct {
		*cause.Sample
		cell
		rank int
	}
	pick := func(from attribution.Day) (all []candidate) {
		seen := map[cell]int{}
		for i := range samples {
			s := &samples[i]
			at := cell{s.Feature, attribution.DayOf(s.Day), s.Hypothesis != ""}
			if at.day < from || at.day >= boundary || !of[level{s.Feature + ".value", cause.LevelOf(cause.CodeName(s.Code))}] {
				continue
			}
			all = append(all, candidate{s, at, seen[at]})
			seen[at]++
		}
		return all
	}
	all := pick(from)
	if len(all) == 0 {
		all = pick(since)
	}
	unnamed := func(c candidate) int {
		if c.named {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(unnamed(a), unnamed(b)), cmp.Compare(a.rank, b.rank), cmp.Compare(a.day, b.day), cmp.Compare(a.feature, b.feature))
	})
	all = all[:min(len(all), shownRows)]
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(unnamed(a), unnamed(b)), a.At.Compare(b.At), cmp.Compare(a.feature, b.feature), cmp.Compare(a.PredictionID, b.PredictionID))
	})
	var rows []ledger.ProofRow
	for _, c := range all {
		rows = append(rows, ledger.ProofRow{PredictionID: c.PredictionID, Key: c.Key, Instant: c.Sample.At, Feature: c.Sample.Feature,
			Declared: c.Declared, Served: c.Served, Replayed: c.Replayed, Hypothesis: c.Hypothesis})
	}
	return rows
}
