package attribution

import "math"

const (
	// leastControlled is the share of a finding's affected matched rows that must have controls for an estimate.
	leastControlled = 0.8

	// causeDays is how many of an episode's newest days the interval of its cost is taken from.
	causeDays = 28
)

// account is what the change of loss is made of. It is empty where a period holds no row.
type account struct {
	ok         bool
	baseline   float64
	current    float64
	loss       spread
	identified []bool
	unlike     []string      // by finding: why its rows, though most have controls, are not held against these; "" otherwise
	affected   []affectedSum // in the window
	excess     []float64     // phi_k(C)
	before     []float64     // phi_k(B)
	causes     []spread

	population, model     float64
	populationBy, modelBy spread
	bothBy                spread // of population and model as one term
	within                float64
	versionsMoved         bool
	rare                  float64 // share of the window's rows in rare segments
}

// account charges the findings, repairs both periods of what they cost, and splits the rest.
func (x *Index) account(q Question, window, baseline []int, a *ages, h *hits, v *history, found []Finding) account {
	var acc account
	in := x.walkOf(q, window, h, len(found))
	acc.affected = in.affected
	acc.identified = make([]bool, len(found))
	acc.unlike = make([]string, len(found))
	for f := range found {
		if !h.repaired[f] && in.affected[f].held() {
			balance := x.balances[f]
			acc.unlike[f] = balance.refused()
		}
		acc.identified[f] = h.repaired[f] || in.affected[f].held() && acc.unlike[f] == ""
	}
	in.settle(acc.identified)
	acc.excess = in.phi()
	for f := range acc.excess {
		if a.n > 0 {
			acc.excess[f] /= a.n
		}
	}
	acc.causes = make([]spread, len(found))
	acc.before = make([]float64, len(found))
	base := newWalk(x, h, a.perRow, len(found))
	if a.comparable() {
		for k, i := range baseline {
			base.day(k, i, &a.classOf)
		}
		base.settle(acc.identified)
		acc.before = base.phi()
		acc.split(x, a, in, base, window, baseline)
	}
	costs := map[int]dayTotal{}
	for k, t := range base.totals(len(baseline)) {
		costs[baseline[k]] = t
	}
	for k, t := range in.totals(len(window)) {
		costs[window[k]] = t
	}
	for f := range found {
		if acc.identified[f] {
			acc.causes[f] = x.causeSpread(q, f, &found[f], h, v, costs, a.n)
		}
	}
	acc.widen(x.entities(q, a, window, baseline))
	return acc
}

// split compares the repaired periods, as a whole and day by day: the spread of each term is that of the same term worked
// out for every single day. A day of the window is held against the baseline at that day's own age, a day of the
// baseline, mixed over the window's ages, against the whole baseline.
func (acc *account) split(x *Index, a *ages, in, base *walk, window, baseline []int) {
	acc.ok = true
	acc.baseline, acc.current = a.losses()
	before, after := base.measure(1, acc.identified), in.measure(1/a.n, acc.identified)
	before1, after1 := x.bySegment(before), x.bySegment(after)
	rare := rareSegments(before1, after1, float64(x.matched(baseline, nil)), float64(x.matched(window, a.window)))
	acc.rare = after1.shareOf(rare)
	var common float64
	acc.population, acc.model, common = midpoint(before1, after1, rare)
	if acc.within, acc.versionsMoved = x.withinVersions(before, after); common != 0 {
		acc.within *= acc.model / common // versions move in rare segments as they do in others
	}

	at := base.measuresAt(a.rows, acc.identified)
	inBase := x.daySplits(base, baseline, rare, func(int) (measure, float64, bool) { return before1, acc.baseline, true })
	inWindow := x.daySplits(in, window, rare, func(k int) (measure, float64, bool) {
		if a.class[k] < 0 {
			return measure{}, 0, false
		}
		return at[a.class[k]], a.mean[a.class[k]], true
	})
	acc.loss = contrast(inBase.loss, inWindow.loss)
	acc.populationBy = contrast(inBase.population, inWindow.population)
	acc.modelBy = contrast(inBase.model, inWindow.model)
	acc.bothBy = contrast(inBase.both, inWindow.both)
}

// splits are the terms of single days.
type splits struct{ loss, population, model, both series }

// daySplits works out each day of a walk against what reference gives for it: a measure and a mean loss.
func (x *Index) daySplits(w *walk, days []int, rare []bool, reference func(k int) (measure, float64, bool)) splits {
	var s splits
	own := newMeasure(x.segments)
	for at := 0; at < len(w.parts); {
		k, to := w.parts[at].day, at
		weight, loss := 0.0, 0.0
		for ; to < len(w.parts) && w.parts[to].day == k; to++ {
			weight, loss = weight+w.parts[to].weight, loss+w.parts[to].loss
		}
		against, mean, ok := reference(int(k))
		if ok && weight > 0 {
			own.reset()
			for _, p := range w.parts[at:to] {
				own.share[p.segment], own.loss[p.segment] = p.weight/weight, (p.loss-p.charge)/weight
			}
			population, model, _ := midpoint(against, own, rare)
			d := x.days[days[k]].day
			s.loss.add(d, loss/weight-mean)
			s.population.add(d, population)
			s.model.add(d, model)
			s.both.add(d, population+model)
		}
		at = to
	}
	return s
}

// causeSpread is the spread of a finding's cost in the window: from its day values over the newest 28 days of its last
// episode, for as many days as that episode has in the window of so many rows. The baseline's side is not sampled: section 6 of the
// design, "for causes the window term only".
func (x *Index) causeSpread(q Question, f int, found *Finding, h *hits, v *history, costs map[int]dayTotal, rows float64) spread {
	if len(found.Episodes) == 0 {
		return spread{}
	}
	last := found.Episodes[len(found.Episodes)-1]
	end := q.Boundary
	if last.End != nil {
		end = *last.End
	}
	from := q.Boundary - Day(q.Window)
	days := v.newest(x, last.Onset, end)
	var s series
	inWindow, episodeWeight := 0, 0.0
	for _, i := range days {
		t, ok := costs[i]
		if !ok {
			t = x.costOn(q, i, h, len(v.affected))
			costs[i] = t
		}
		if t.weight <= 0 {
			continue
		}
		s.add(x.days[i].day, t.phi[f]/t.weight)
		if x.days[i].day >= from {
			inWindow++
			episodeWeight += t.weight
		}
	}
	n := len(s.values)
	if n < 2 || inWindow == 0 || rows <= 0 {
		return spread{}
	}
	s2 := s.squares() / float64(n-1)
	se := math.Sqrt(s2 * inflation(s.autocorrelation(), inWindow) / float64(inWindow))
	return spread{se: se * episodeWeight / rows, df: n - 1}
}

// costOn is the walk of a single day at its own age.
func (x *Index) costOn(q Question, i int, h *hits, findings int) dayTotal {
	return x.walkOf(q, []int{i}, h, findings).totals(1)[0]
}

// walkOf walks days, each at its own age.
func (x *Index) walkOf(q Question, days []int, h *hits, findings int) *walk {
	w := newWalk(x, h, []float64{1}, findings)
	for k, i := range days {
		classOf := upTo(x.days[i].ownSlot(q.AsOf))
		w.day(k, i, &classOf)
	}
	return w
}
