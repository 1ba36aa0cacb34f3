package attribution

import "fmt"

const (
	// highFactor is how many times the cost of a medium finding a high one has.
	highFactor = 5

	// riseP is the one-sided p-value below which loss is said to have risen.
	riseP = 0.05
)

// grade gives a finding its severity. An estimated cost counts only where it is significant. A cost that is not identified is unknown, not small, and
// so is one whose interval reaches the least effect worth acting on: a promise broken for most of a day is then medium, since
// that it broke is a fact; one broken for less is low. A proven fault of unknown cost is medium, unless all the loss of its
// rows together is less than that effect. Either says so. Source:
// section 6 of the design, "Severity".
func (f *Finding) grade(q Question, baselineLoss float64) {
	least := q.MinEffect * baselineLoss
	f.Severity = Info
	if f.Basis.repaired() {
		f.Severity = Low
		f.raise(f.cost(), least)
		return
	}
	switch {
	case f.Proven && f.Basis == NotIdentified:
		f.Severity = Medium
		if f.Bounds != nil && f.Bounds.Upper != nil && *f.Bounds.Upper < least {
			f.Severity = Low
		}
	case f.Tier != Inferred:
		f.Severity = Low
		small := f.Basis == Estimated && f.CI95 != nil && f.CI95[1] < least
		if !small && f.WorstDay > majority {
			f.Severity = Medium
		}
	}
	if f.Basis != Estimated || f.ExcessLoss == nil || f.Q == nil || *f.Q > q.FDR || *f.ExcessLoss <= 0 {
		return
	}
	f.raise(*f.ExcessLoss, least)
}

// cost is the larger of what a finding is known to have cost and what it is expected to.
func (f *Finding) cost() float64 {
	c := 0.0
	for _, v := range []*float64{f.ExcessLoss, f.ExpectedCost} {
		if v != nil {
			c = max(c, *v)
		}
	}
	return c
}

// raise gives the severity of a cost, where that is medium or high; least is the least one worth acting on.
func (f *Finding) raise(cost, least float64) {
	switch {
	case cost <= 0:
	case cost >= highFactor*least:
		f.Severity = High
	case cost >= least:
		f.Severity = Medium
	}
}

// drives tells whether a finding decides the verdict.
func (f *Finding) drives() bool {
	return !f.Standing && (f.Severity == High || f.Severity == Medium)
}

// rose tells whether loss rose by min_effect of the baseline's, beyond what days like these do.
func (e *Evaluation) rose(q Question) bool {
	l := &e.Loss
	return l.Delta != nil && l.P != nil && *l.Delta > 0 && *l.Delta >= q.MinEffect**l.Baseline && *l.P < riseP
}

// judge decides the verdict. Where a fault of unknown cost hides population from model, the split as if it had cost
// nothing decides between them, and a note says so.
func (e *Evaluation) judge(q Question, acc *account) {
	if e.Window.Matched < int64(q.MinMatched) || !acc.ok {
		e.Verdict = Insufficient
		return
	}
	e.Verdict = Healthy
	for i := range e.Findings {
		f := &e.Findings[i]
		if f.drives() && f.Outcome {
			e.Verdict = Outcomes
			return
		}
		if f.drives() {
			e.Verdict = Intake
		}
	}
	if e.Verdict == Healthy && e.rose(q) {
		e.Verdict = Model
		if acc.population > acc.model {
			e.Verdict = Population
		}
	}
}

// retrain answers "do we retrain?": false while a proven finding is open on the window's last day, or under a model verdict when the rise is
// uncertainty alone; true under a model verdict when calibration and resolution rose by min_effect with p <= fdr and nothing in the data
// conditions stands against it; else it cannot tell. Source: section 6 of the design, "Verdict".
func (e *Evaluation) retrain(q Question, x *Index, s *scene) {
	no, yes := false, true
	if n := len(e.Window.Days); n > 0 && q.Unhealthy != nil && q.Unhealthy(e.Window.Days[n-1]) {
		e.Retrain = &no
		return
	}
	if e.harder() {
		e.Retrain = &no
		return
	}
	if e.Verdict != Model || e.touched() || !x.agree(&s.in) { // whatever it is, it may be why
		return
	}
	if rise, p := x.skill(q, s.window, s.baseline); p != nil && rise >= q.MinEffect**e.Loss.Baseline && *p <= q.FDR {
		e.Retrain = &yes
	}
}

// agreeing is the share of the window's served values that must agree with their replay.
const agreeing = 0.999

// skill is by how much the loss beyond the best constant of each day rose, which is calibration and resolution together, and the p-value of that;
// nil where nothing tells.
func (x *Index) skill(q Question, window, baseline []int) (rise float64, p *float64) {
	period := func(days []int) (all series) {
		for _, i := range days {
			var t sums
			for _, one := range x.days[i].totals {
				t.add(one.sums)
			}
			if w := t.weight.Float(); w > 0 {
				var m moments
				m.add(&t, 1/w)
				if best, ok := m.uncertainty(q.Loss); ok {
					all.add(x.days[i].day, m.loss-best)
				}
			}
		}
		return all
	}
	before, after := period(baseline), period(window)
	if len(before.values) < leastHealthy || len(after.values) == 0 {
		return 0, nil
	}
	rise = after.mean() - before.mean()
	return rise, contrast(before, after).p(rise)
}

// agree tells whether features are replayed, and nearly all of a period's served values of them agree.
func (x *Index) agree(in *census) bool {
	var rows, disputed int64
	for i, n := range in.levels {
		if isReplayed(&x.conditions[x.levels[i].condition]) {
			rows += n
			if x.isDisputed(int32(i)) {
				disputed += n
			}
		}
	}
	return rows > 0 && float64(rows-disputed) >= agreeing*float64(rows)
}

// harder tells whether the rise under a model verdict is that of uncertainty alone: the world became harder to predict.
func (e *Evaluation) harder() bool {
	for _, t := range e.Terms {
		if t.To == ToModel && t.Uncertainty != nil {
			return e.Verdict == Model && *t.Uncertainty >= t.Delta
		}
	}
	return false
}

func (e *Evaluation) unseparated() bool {
	for _, t := range e.Terms {
		if t.To == ToUnseparated {
			return true
		}
	}
	return false
}

// hides tells whether a cost that is not identified is large enough to blur what is left: its upper bound reaches
// min_effect of the baseline's loss. A handful of rows does not.
func (f *Finding) hides(q Question, baselineLoss float64) bool {
	return f.Basis == NotIdentified && f.Bounds != nil && f.Bounds.Upper != nil && *f.Bounds.Upper >= q.MinEffect*baselineLoss
}

// witness writes down what a finding rests on, for people; refused is why its rows are not scored anew, unlike why they are not held against
// others.
func (f *Finding) witness(refused, unlike string, balance Balance) {
	for _, l := range f.Levels {
		was := fmt.Sprintf("%.2f %% in the baseline", 100*l.Baseline)
		says := fmt.Sprintf("%s is %q for %d predictions (%.2f %%; %s)", l.Condition, l.Level, l.Rows, 100*l.Share, was)
		if l.Broken {
			says += ": the loop file promises otherwise"
		}
		if l.Disputed {
			says += ": the replay from its source contradicts what was served"
		}
		f.Evidence = append(f.Evidence, says)
	}
	f.Evidence = append(f.Evidence, f.costWitness(unlike, balance))
	if refused != "" && !f.Basis.repaired() {
		f.Evidence = append(f.Evidence, "its rows are not scored anew: "+refused)
	}
	if f.Standing {
		f.Evidence = append(f.Evidence, "standing: it is as old as the days that were read")
	}
}

// costWitness says what the cost of a finding rests on.
func (f *Finding) costWitness(unlike string, balance Balance) string {
	before := ""
	if f.Basis.repaired() && f.ExcessLoss == nil {
		before = "what it should cost is known before any outcome of the affected predictions is: "
	}
	switch {
	case f.Basis == Distilled:
		return fmt.Sprintf("%scost distilled: the affected predictions scored anew with the replayed values, as what the log says of the model would score them (it explains %.4f of the logged scores that it was not fitted on)", before, *f.Fidelity)
	case f.Basis == Measured && f.Outcome:
		return before + "cost measured: the predictions' loss against outcomes as they were told before"
	case f.Basis == Measured:
		return before + "cost measured: the scorer scored the affected predictions anew with the replayed values"
	case f.Matched == 0:
		return "cost unknown: no affected prediction has an outcome yet"
	case unlike != "":
		return fmt.Sprintf("cost unknown: %.0f %% of the affected rows have unaffected ones of the same day, segment and version beside them, but %s", 100*f.Controlled, unlike)
	case f.Basis == NotIdentified:
		return fmt.Sprintf("cost unknown: only %.0f %% of the affected rows have unaffected ones of the same day, segment and version beside them", 100*f.Controlled)
	}
	return fmt.Sprintf("cost estimated against unaffected rows of the same day, segment and version: %.0f %% of the affected rows have them; of %d feature%s "+
		"%s differs most between both, by %.3f standard deviations", 100*f.Controlled, balance.Compared, plural(balance.Compared), balance.Feature, balance.Apart)
}
