package attribution

import (
	"fmt"
	"math"
	"slices"

	"github.com/plumbline-data/plumbline/engine/fingerprint"
)

// scene is what a question is about, before any loss is looked at: the days, what is out of the ordinary on them, and what hits
// which fingerprint.
type scene struct {
	window, baseline []int
	notes            []string
	in, base         census
	nominal          []bool
	candidates       []candidate
	hits             *hits
}

func (x *Index) scene(q Question) scene {
	var s scene
	var more []string
	s.window, s.notes = x.chooseWindow(q)
	s.baseline, more = x.chooseBaseline(q)
	s.notes = slices.Concat(s.notes, more)
	s.in, s.base = x.count(s.window), x.count(s.baseline)
	s.nominal = x.nominal(&s.base)
	s.candidates = x.candidates(q.Claims, x.listLevels(q, s.window, s.baseline, &s.in, &s.base, s.nominal), s.window, &s.in)
	s.hits = x.newHits(s.nominal, s.candidates)
	return s
}

// muchRare is the share of a window's rows in rare segments from which that is noted.
const muchRare = 0.05

// Evaluate answers a question. It depends on the cube's content, the question and nothing else.
func (x *Index) Evaluate(q Question) Evaluation {
	e := Evaluation{Boundary: q.Boundary, Loss: Loss{Name: string(q.Loss)}}
	s := x.scene(q)
	window, baseline, h := s.window, s.baseline, s.hits
	e.Notes = s.notes
	e.Window, e.Baseline = x.period(window), x.period(baseline)
	e.Window.From, e.Window.To = q.Boundary-Day(q.Window), q.Boundary
	a := x.matchAges(q, window, baseline)
	e.Window.Matched = x.matched(window, a.window)
	e.Baseline.Matched = x.matched(baseline, nil)

	e.Integrity = Shares{Baseline: x.integrity(&s.base, s.nominal), Current: x.integrity(&s.in, s.nominal)}
	v := x.historyOf(q.Since, q.Boundary, h, len(s.candidates))
	for f := range s.candidates {
		e.Findings = append(e.Findings, x.finding(q, f, &s.candidates[f], h, &v, window, baseline, &s.in, &s.base))
	}

	repairs := x.settleRepairs(q, h)
	acc := x.account(q, window, baseline, &a, h, &v, e.Findings)
	before, after := e.measured(x, q, &a, window, baseline)
	e.price(x, q, &a, &acc, repairs)
	e.recover(x, q, h, repairs)
	e.Terms = e.terms(q, &acc)
	if i := len(e.Terms) - 1; i >= 0 && e.Terms[i].To == ToModel {
		e.Terms[i].part(before, after, q, e.touched())
	}
	e.judge(q, &acc)
	e.retrain(q, x, &s)
	if e.unseparated() {
		e.Notes = append(e.Notes, "unseparated: the cost of a finding is not identified, so population and model are one term")
	}
	if acc.rare >= muchRare {
		e.Notes = append(e.Notes, fmt.Sprintf("rare_segments: %.0f %% of the window's rows are of segments with fewer than %d rows in one period and none in the other; their loss is taken to have moved as that of the others did", 100*acc.rare, rareRows))
	}
	e.Summary = e.summary(q)
	return e
}

// figures is what a period's rows say of themselves, and its score histogram.
type figures struct {
	moments
	bins []HistogramBin
}

// measured writes the metrics of both periods, and the intervals of what they changed by.
func (e *Evaluation) measured(x *Index, q Question, a *ages, window, baseline []int) (before, after figures) {
	was, is := x.baselineTally(q, a, baseline), x.windowTally(q, a, window)
	var matched bool
	before.moments, _ = was.moments(everyDay)
	if after.moments, matched = is.moments(everyDay); matched {
		e.Loss.Current = nineOf(after.loss)
	}
	e.Metrics = Metrics{Baseline: was.metrics(q, everyDay), Current: is.metrics(q, everyDay)}
	if !a.settled() { // bins of scores are not kept by age: those of the window lack what is not known yet
		was.bins, was.byDay, is.bins, is.byDay = nil, nil, nil, nil
	}
	e.Metrics.CI95 = metricIntervals(q, &was, &is, e.Metrics.Baseline, e.Metrics.Current)
	before.bins, after.bins = was.bins, is.bins
	return before, after
}

// part parts the model term: by how much the loss of the period's best constant moved, by how much what refitting intercept and slope would save, and the
// rest. The last two are of the logged scores: where a finding touches these they are not told.
func (t *Term) part(before, after figures, q Question, touched bool) {
	b, ok := before.uncertainty(q.Loss)
	if !ok {
		return
	}
	c, _ := after.uncertainty(q.Loss)
	t.Uncertainty = nineOf(c - b)
	was, known := before.calibration(q.Loss, before.bins)
	is, also := after.calibration(q.Loss, after.bins)
	if !known || !also || touched {
		return
	}
	t.Calibration = nineOf(is - was)
	t.Resolution = nineOf(t.Delta - *t.Uncertainty - *t.Calibration)
}

// touched tells whether rows of a finding are among those whose scores are looked at.
func (e *Evaluation) touched() bool {
	return slices.ContainsFunc(e.Findings, func(f Finding) bool { return f.Rows > 0 || f.Delta != 0 || f.Outcome })
}

// matched counts rows with outcomes, each day up to its own slot; nil takes all.
func (x *Index) matched(days []int, slots []int8) (n int64) {
	for k, i := range days {
		for _, t := range x.days[i].totals {
			if slots == nil || t.slot <= slots[k] {
				n += t.sums.rows
			}
		}
	}
	return n
}

// finding describes a candidate as far as predictions tell.
func (x *Index) finding(q Question, f int, c *candidate, h *hits, v *history, window, baseline []int, in, base *census) Finding {
	out := Finding{Node: c.node, Cause: c.cause, Claim: c.claim, Proven: c.proven, Outcome: c.outcome, Tier: c.tier}
	for _, l := range slices.Concat(c.levels, c.beside) {
		id := x.levels[l.level]
		k := &x.conditions[id.condition]
		out.Levels = append(out.Levels, LevelShare{Condition: k.Name(), Kind: string(k.Kind), Of: k.Of, Level: k.LevelName(id.code),
			Broken: x.standing(l.level) == fingerprint.Broken, Disputed: x.standing(l.level) == fingerprint.Disputed, Rows: in.levels[l.level], Share: in.share(in.levels[l.level]),
			Baseline: base.share(base.levels[l.level]), Q: l.q})
	}
	out.Rows = h.hitBy(f, window)
	out.RowShare = in.share(out.Rows)
	out.WorstDay = x.worstDay(window, c.brokenLevels())
	v.describe(x, q, f, base.share(h.hitBy(f, baseline)), &out)
	return out
}

// hitBy counts a period's predictions that a finding hits.
func (h *hits) hitBy(f int, days []int) (n int64) {
	for _, i := range days {
		d := &h.x.days[i]
		for _, p := range d.prints {
			if slices.Contains(h.sets[h.of(d.day, p.print)], f) {
				n += p.predictions
			}
		}
	}
	return n
}

// price writes the account into the findings: cost, interval, test and severity.
func (e *Evaluation) price(x *Index, q Question, a *ages, acc *account, repairs []repairing) {
	var tested []int
	var ps []float64
	for f := range e.Findings {
		out, s := &e.Findings[f], &acc.affected[f]
		out.Matched = s.rows
		if all := s.all.Float(); all > 0 {
			out.Controlled = s.controlled.Float() / all
		}
		if !acc.identified[f] {
			out.Basis = NotIdentified
			out.Bounds = &Bounds{}
			if a.n > 0 {
				out.Bounds.Upper = nineOf(s.loss.Float() / a.n)
			}
			continue
		}
		out.Basis = Estimated
		out.Delta = nine(acc.excess[f] - acc.before[f])
		if r := &repairs[f]; r.basis != "" {
			out.Basis, out.Fidelity, out.ExpectedCost = r.basis, r.fidelity, r.expected
			if s.rows == 0 && out.Rows > 0 { // no outcome of theirs is known
				out.Delta = 0
				continue
			}
		}
		out.ExcessLoss = nineOf(acc.excess[f])
		out.CI95 = acc.causes[f].around(acc.excess[f])
		if out.Basis.repaired() {
			continue // its cost is counted, not tested
		}
		if p := acc.causes[f].p(acc.excess[f]); p != nil {
			out.P = p
			tested, ps = append(tested, f), append(ps, *p)
		}
	}
	for i, value := range benjaminiHochberg(ps) {
		e.Findings[tested[i]].Q = &value
	}
	for f := range e.Findings {
		switch out := &e.Findings[f]; {
		case acc.ok:
			out.grade(q, acc.baseline)
		case out.Basis.repaired() && a.usual > 0: // what it should cost is known before any outcome is
			out.grade(q, a.usual)
			out.Delta = 0
		default: // nothing to measure the cost by
			out.grade(q, math.Inf(1))
			out.Delta = 0
		}
		e.Findings[f].witness(repairs[f].refused, acc.unlike[f], x.balances[f])
	}
}
