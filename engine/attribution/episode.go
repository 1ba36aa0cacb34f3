package attribution

import "slices"

// endingGap is how many clean evaluated days end an episode.
const endingGap = 7

// backgroundFactor is how far above its own share of the baseline a finding's share of a day must be for that day to
// count as affected, so that a trickle that was always there does not hide when the break began.
const backgroundFactor = 3

// trickle is the share of the window's worst day below which a day does not count as affected: a few rows that miss a
// source now and then are not the day on which it stopped.
const trickle = 0.05

// daysBefore is how many days before its first affected one a finding's days are told from.
const daysBefore = 7

// claimedTrickle is the same for rows that bear a cause: these are no strays, but some may be named so by chance.
const claimedTrickle = 0.005

// history is a finding's days from `since` up to the boundary, among the evaluated ones: closed, with predictions.
type history struct {
	days     []int     // indices of evaluated days, ascending
	affected [][]int64 // by finding, by day
}

func (x *Index) historyOf(since, boundary Day, h *hits, findings int) history {
	var v history
	for i := range x.days {
		if d := &x.days[i]; d.day >= since && d.day < boundary && d.closed && d.predictions > 0 {
			v.days = append(v.days, i)
		}
	}
	v.affected = make([][]int64, findings)
	for f := range v.affected {
		v.affected[f] = make([]int64, len(v.days))
	}
	if findings == 0 {
		return v
	}
	for k, i := range v.days {
		for _, p := range x.days[i].prints {
			for _, f := range h.sets[h.of(x.days[i].day, p.print)] {
				if h.bears(f, p.print) {
					v.affected[f][k] += p.predictions
				}
			}
		}
	}
	return v
}

// affectedDays tells by evaluated day whether finding f affects it: its share of predictions exceeds three times its share
// of the baseline, and a twentieth of the window's worst day, beside which it would be a trickle. Where no day of the window
// does, any affected prediction counts. Claim is the finding's, nil for none.
func (v *history) affectedDays(x *Index, f int, claim *Claim, baselineShare float64, windowFrom Day) []bool {
	worst := 0.0
	for k, i := range v.days {
		if d := &x.days[i]; d.day >= windowFrom {
			worst = max(worst, float64(v.affected[f][k])/float64(d.predictions))
		}
	}
	least := trickle
	if claim != nil {
		least = claimedTrickle
	}
	floor := max(backgroundFactor*baselineShare, least*worst)
	above := func(k int) bool {
		d := &x.days[v.days[k]]
		return v.affected[f][k] > 0 && float64(v.affected[f][k]) > floor*float64(d.predictions) && (claim == nil || claim.on(d.day))
	}
	stands := false
	for k, i := range v.days {
		stands = stands || x.days[i].day >= windowFrom && above(k)
	}
	if !stands {
		floor = 0
	}
	affected := make([]bool, len(v.days))
	for k := range affected {
		affected[k] = above(k)
	}
	return affected
}

// episodesOf joins affected days into episodes; seven clean evaluated days end one.
func (v *history) episodesOf(x *Index, affected []bool) []Episode {
	var episodes []Episode
	gap := 0
	var last Day
	end := func() {
		after := last + 1
		episodes[len(episodes)-1].End = &after
	}
	for k, i := range v.days {
		open := len(episodes) > 0 && episodes[len(episodes)-1].End == nil
		switch {
		case affected[k]:
			if !open {
				episodes = append(episodes, Episode{Onset: x.days[i].day})
			}
			last, gap = x.days[i].day, 0
		case open:
			if gap++; gap == endingGap {
				end()
			}
		}
	}
	return episodes
}

// stateOf names where a finding stands at the boundary.
func stateOf(episodes []Episode, windowFrom Day) State {
	if len(episodes) == 0 {
		return New
	}
	last := episodes[len(episodes)-1]
	switch {
	case last.End != nil:
		return Resolved
	case last.Onset < windowFrom:
		return Ongoing
	case len(episodes) > 1:
		return Regressed
	}
	return New
}

// describe fills in a finding's days, episodes and state. Its last episode stands where it reaches back to the first day
// that could be looked at: the index's first evaluated day since q.Since, or reach days before the window.
func (v *history) describe(x *Index, q Question, f int, baselineShare float64, out *Finding) {
	from := q.Boundary - Day(q.Window)
	var claim *Claim
	if out.Claim >= 0 {
		claim = &q.Claims[out.Claim]
	}
	affected := v.affectedDays(x, f, claim, baselineShare, from)
	out.Episodes = v.episodesOf(x, affected)
	out.State = stateOf(out.Episodes, from)
	if k := slices.Index(affected, true); k >= 0 {
		out.FirstDay = x.days[v.days[k]].day
	}
	for k, i := range v.days {
		d := &x.days[i]
		if affected[k] {
			out.LastDay = d.day
		}
		if d.day >= out.FirstDay-daysBefore {
			n := v.affected[f][k]
			out.Days = append(out.Days, DayShare{Day: d.day, Rows: n, Share: float64(n) / float64(d.predictions)})
		}
	}
	if n := len(out.Episodes); n > 0 {
		first := x.days[v.days[0]].day
		if !q.Baseline.Fixed() {
			first = max(first, from-Day(q.Baseline.Reach))
		}
		out.Standing = out.Episodes[n-1].Onset <= first && first < from
	}
}

// newest gives the indices of the newest evaluated days in [from, to), at most 28, ascending.
func (v *history) newest(x *Index, from, to Day) []int {
	var days []int
	for _, i := range slices.Backward(v.days) {
		if d := x.days[i].day; d < to && d >= from && len(days) < causeDays {
			days = append(days, i)
		}
	}
	slices.Reverse(days)
	return days
}
