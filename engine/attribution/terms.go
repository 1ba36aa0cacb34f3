package attribution

import "math"

// terms writes the account: causes, then population and model, or one unseparated term where the cost of a finding is not
// identified and large enough to hide which. They sum to the change of loss; what rounding leaves is on the last.
func (e *Evaluation) terms(q Question, acc *account) []Term {
	if !acc.ok {
		return nil
	}
	e.Loss.Baseline, e.Loss.Current = nineOf(acc.baseline), nineOf(acc.current)
	delta := nine(*e.Loss.Current - *e.Loss.Baseline)
	e.Loss.Delta = &delta
	e.Loss.CI95 = acc.loss.around(delta)
	e.Loss.P = acc.loss.p(delta)
	half, known := acc.loss.half()
	beyond := known && math.Abs(delta) > half

	var terms []Term
	rest := delta
	hidden := false
	for f := range e.Findings {
		out := &e.Findings[f]
		t := Term{To: ToCause, Finding: f, Delta: out.Delta, Basis: out.Basis, Bounds: out.Bounds, Fidelity: out.Fidelity}
		if out.Basis != NotIdentified {
			t.CI95 = acc.causes[f].around(t.Delta)
		}
		hidden = hidden || out.hides(q, acc.baseline)
		rest -= t.Delta
		terms = append(terms, t)
	}
	if hidden {
		rest = nine(rest)
		terms = append(terms, Term{To: ToUnseparated, Finding: -1, Delta: rest, CI95: acc.bothBy.around(rest)})
	} else {
		population := nine(acc.population)
		model := nine(rest - population)
		terms = append(terms, Term{To: ToPopulation, Finding: -1, Delta: population, CI95: acc.populationBy.around(population)})
		t := Term{To: ToModel, Finding: -1, Delta: model, CI95: acc.modelBy.around(model)}
		if acc.versionsMoved {
			t.WithinVersion = nineOf(acc.within)
			t.Rollout = nineOf(model - *t.WithinVersion)
		}
		terms = append(terms, t)
	}
	for i := range terms {
		if t := &terms[i]; beyond {
			share := t.Delta / delta
			t.Share = &share
			if t.To == ToCause {
				e.Findings[t.Finding].Share = &share
			}
		}
	}
	return terms
}
