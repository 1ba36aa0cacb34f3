package attribution

import (
	"maps"
	"math"
	"slices"
)

// EntityLoss is what a group of entities lost on a day, as it became known at an age: sums over ages add up as those of cells do.
type EntityLoss struct {
	Age          int16
	Group        int32
	Weight, Loss Fixed
}

// widening is by how much wider intervals are than days alone make them, because rows of one entity go together.
type widening struct {
	extra  float64 // variance of the difference of both periods' mean losses beyond that of days
	groups int     // that have rows
}

// entities works out the widening from groups of entities, which are clusters as days are: the variance is that of days, plus that of groups,
// less that of both at once, which both hold. A group of few entities varies as its entities do together, so that groups stand for them. Source:
// Cameron, Gelbach and Miller 2011, J. Bus. Econ. Stat. 29; for random groups Wolter, "Introduction to Variance Estimation", chapter 2.
func (x *Index) entities(q Question, a *ages, window, baseline []int) (w widening) {
	if q.Entities == nil || !a.comparable() {
		return w
	}
	total := map[int32]float64{}
	both := 0.0
	day := func(i int, worth func(EntityLoss) float64) {
		own := map[int32]float64{}
		for _, l := range q.Entities(x.days[i].day) {
			own[l.Group] += worth(l)
		}
		for _, g := range slices.Sorted(maps.Keys(own)) {
			total[g] += own[g]
			both += own[g] * own[g]
		}
	}
	mean := a.loss / a.n
	for k, i := range window {
		day(i, func(l EntityLoss) float64 {
			if ageSlot(l.Age) > a.window[k] {
				return 0
			}
			return (l.Loss.Float() - mean*l.Weight.Float()) / a.n
		})
	}
	for _, i := range baseline {
		day(i, func(l EntityLoss) (worth float64) {
			for c, slot := range a.slots {
				if ageSlot(l.Age) <= slot {
					worth -= (l.Loss.Float() - a.mean[c]*l.Weight.Float()) * a.perRow[c]
				}
			}
			return worth
		})
	}
	w.groups = len(total)
	if w.groups < 2 {
		return w
	}
	square := 0.0
	for _, g := range slices.Sorted(maps.Keys(total)) {
		square += total[g] * total[g]
	}
	n := float64(w.groups)
	w.extra = math.Max(0, square*n/(n-1)-both)
	return w
}

// widen makes the spreads of an account as much wider as entities make that of its loss.
func (acc *account) widen(w widening) {
	if w.extra <= 0 {
		return
	}
	factor := 1.0
	if acc.loss.se > 0 {
		factor = math.Sqrt(1 + w.extra/(acc.loss.se*acc.loss.se))
	} else {
		acc.loss.se = math.Sqrt(w.extra)
	}
	spreads := []*spread{&acc.loss, &acc.populationBy, &acc.modelBy, &acc.bothBy}
	for f := range acc.causes {
		spreads = append(spreads, &acc.causes[f])
	}
	for _, s := range spreads {
		s.se *= factor
		s.df = min(s.df, w.groups-1)
	}
}
