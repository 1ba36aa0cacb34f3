package engine

import (
	"cmp"
	"slices"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/cause"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/report"
)

const (
	// shownRows is how many rows a finding is shown by.
	shownRows = 10
	// keptRows is how many are kept of it, those first: enough to lay what was served beside what should have been.
	keptRows = 48
)

// details gives what the ledger keeps of the findings of an evaluation beside their rows: f and e list the same findings. Since
// is the first day that the evaluation looks at.
func (n *night) details(f *report.Findings, e *attribution.Evaluation, claims []cause.Claim, since attribution.Day) []ledger.Detail {
	all := make([]ledger.Detail, len(e.Findings))
	for i := range e.Findings {
		x := &e.Findings[i]
		p := picker{finding: x, boundary: e.Boundary}
		if x.Claim >= 0 {
			p.claim = &claims[x.Claim]
		}
		rows := p.pick(n.trials.Samples, e.Window.From)
		if len(rows) == 0 {
			rows = p.pick(n.trials.Samples, since)
		}
		all[i] = ledger.Detail{Finding: f.Findings[i].ID, Proof: rows, Days: x.Days}
	}
	return all
}

// picker chooses the rows that a finding is shown by.
type picker struct {
	finding  *attribution.Finding
	claim    *cause.Claim // nil for none
	boundary attribution.Day
}

// candidate is a row that bears one of the finding's levels.
type candidate struct {
	*cause.Sample
	rank       int // among those of its feature and day
	replayed   *string
	hypothesis string
}

// pick chooses among the samples of the days from `from` on. Rows on which the finding's hypotheses say something come first;
// then each feature gives its first row of each day before any gives a second, earlier days first.
func (p *picker) pick(samples []cause.Sample, from attribution.Day) []report.ProofRow {
	type level struct{ condition, level string }
	of := map[level]bool{}
	for _, l := range p.finding.Levels {
		of[level{l.Condition, l.Level}] = true
	}
	type cell struct {
		feature string
		day     attribution.Day
		told    bool
	}
	ranks := map[cell]int{}
	var all []candidate
	for i := range samples {
		s := &samples[i]
		at := attribution.DayOf(s.Day)
		if at < from || at >= p.boundary || !of[level{s.Feature + ".value", cause.LevelOf(cause.CodeName(s.Code))}] {
			continue
		}
		c := candidate{Sample: s}
		c.replayed, c.hypothesis = p.gives(s)
		k := cell{s.Feature, at, c.hypothesis != ""}
		c.rank = ranks[k]
		ranks[k]++
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(a.untold()-b.untold(), cmp.Compare(a.rank, b.rank), a.Day.Compare(b.Day), cmp.Compare(a.Feature, b.Feature))
	})
	all = all[:min(len(all), keptRows)]
	for _, part := range [][]candidate{all[:min(len(all), shownRows)], all[min(len(all), shownRows):]} {
		slices.SortStableFunc(part, func(a, b candidate) int {
			return cmp.Or(a.untold()-b.untold(), a.At.Compare(b.At), cmp.Compare(a.Feature, b.Feature), cmp.Compare(a.PredictionID, b.PredictionID))
		})
	}
	var rows []report.ProofRow
	for _, c := range all {
		rows = append(rows, report.ProofRow{PredictionID: c.PredictionID, Key: c.Key, Instant: c.At, Feature: c.Feature,
			Declared: c.Declared, Served: c.Served, Replayed: c.replayed, Hypothesis: c.hypothesis})
	}
	return rows
}

// untold is 1 where no hypothesis says anything of the row.
func (c *candidate) untold() int {
	if c.hypothesis == "" {
		return 1
	}
	return 0
}

// gives tells what the first of the claim's hypotheses that reproduces a row gives for it; without one what the first gives
// that says something other than the declaration.
func (p *picker) gives(s *cause.Sample) (value *string, hypothesis string) {
	if p.claim == nil {
		return nil, ""
	}
	for _, at := range p.claim.Tried[cause.FeatureDay{Feature: s.Feature, Day: s.Day}] {
		said, hits, ok := s.Gives(at.Bit)
		if ok && (hits || hypothesis == "") {
			value, hypothesis = said, p.claim.Hypotheses[at.Hypothesis]
		}
		if hits {
			break
		}
	}
	return value, hypothesis
}
