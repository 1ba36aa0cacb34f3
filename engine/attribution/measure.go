package attribution

// measure is a period by group (a segment under a version) or by segment: share of its rows and repaired loss, both as
// fractions of the period's rows, so that the losses sum to the period's repaired mean loss.
type measure struct{ share, loss []float64 }

func newMeasure(n int) measure { return measure{share: make([]float64, n), loss: make([]float64, n)} }

func (m measure) reset() {
	clear(m.share)
	clear(m.loss)
}

// bySegment folds versions into their segments.
func (x *Index) bySegment(m measure) measure {
	s := newMeasure(x.segments)
	for g, id := range x.groups {
		s.share[id.segment] += m.share[g]
		s.loss[id.segment] += m.loss[g]
	}
	return s
}

// measure gives a walk's days as one period, repaired of the identified findings, each row counting scale times what it
// does in the walk.
func (w *walk) measure(scale float64, identified []bool) measure {
	m := newMeasure(len(w.x.groups))
	for i, p := range w.groups {
		if p != (pair{}) {
			m.share[i/w.classes] += scale * w.mixed[i%w.classes] * p.weight.Float()
			m.loss[i/w.classes] += scale * w.mixed[i%w.classes] * p.loss.Float()
		}
	}
	for _, c := range w.charges {
		if identified[c.finding] {
			m.loss[c.group] -= scale * w.perRow[c.class] * c.value
		}
	}
	return m
}

// measuresAt gives a walk's days by segment as known at the age of each class, repaired; rows are its rows by class.
func (w *walk) measuresAt(rows []float64, identified []bool) []measure {
	known := make([]pair, w.x.segments)
	at := make([]measure, w.classes)
	for c := range at {
		at[c] = newMeasure(w.x.segments)
		for g, id := range w.x.groups {
			known[id.segment].add(w.groups[g*w.classes+c])
		}
		for s, p := range known {
			if p != (pair{}) {
				at[c].share[s], at[c].loss[s] = p.weight.Float()/rows[c], p.loss.Float()/rows[c]
			}
		}
	}
	for _, c := range w.charges {
		if identified[c.finding] {
			at[c.class].loss[w.x.groups[c.group].segment] -= c.value / rows[c.class]
		}
	}
	return at
}

// rareRows is how many rows a segment needs in one period for its absence in the other to say something.
const rareRows = 10

// rareSegments tells segments that are in one period alone, with few rows: where segments are many and rows are few that is chance, and no change
// of the population.
func rareSegments(b, c measure, rowsB, rowsC float64) []bool {
	rare := make([]bool, len(b.share))
	for g := range rare {
		rare[g] = (b.share[g] > 0) != (c.share[g] > 0) && b.share[g]*rowsB+c.share[g]*rowsC < rareRows
	}
	return rare
}

// shareOf is that of a period's rows in some segments.
func (m measure) shareOf(some []bool) (sum float64) {
	for g := range some {
		if some[g] {
			sum += m.share[g]
		}
	}
	return sum
}

// leastCommon is the share of rows in segments of both periods from which these tell how losses moved in rare ones; below it all rows do.
const leastCommon = 0.25

// midpoint splits the change of mean loss from b to c: shares moving at the mean of both periods' losses, and losses moving
// at the mean of both periods' shares. A segment absent in one period takes the other's mean loss; a rare one takes it as moved as that of the
// segments in both was, so that what all rows have in common is no change of the population. Common is the part of model that segments in both
// make. Source: section 6 of the design; the rule is Kitagawa 1955, JASA 50(272).
func midpoint(b, c measure, rare []bool) (population, model, common float64) {
	shares, moved := 0.0, 0.0
	var all [2]float64
	for g := range b.share {
		all[0], all[1] = all[0]+b.loss[g], all[1]+c.loss[g]
		if b.share[g] > 0 && c.share[g] > 0 {
			share := (b.share[g] + c.share[g]) / 2
			shares, moved = shares+share, moved+share*(c.loss[g]/c.share[g]-b.loss[g]/b.share[g])
		}
	}
	by := all[1] - all[0]
	if shares >= leastCommon {
		by = moved / shares
	}
	for g := range b.share {
		before, after, ok := means(b, c, g)
		if !ok {
			continue
		}
		if rare[g] && c.share[g] <= 0 {
			after += by
		} else if rare[g] && b.share[g] <= 0 {
			before -= by
		}
		population += (c.share[g] - b.share[g]) * (before + after) / 2
		model += (c.share[g] + b.share[g]) / 2 * (after - before)
	}
	return population, model, moved
}

// means gives the mean losses of g in both periods; false if it is in neither.
func means(b, c measure, g int) (before, after float64, ok bool) {
	switch {
	case b.share[g] > 0 && c.share[g] > 0:
		return b.loss[g] / b.share[g], c.loss[g] / c.share[g], true
	case b.share[g] > 0:
		m := b.loss[g] / b.share[g]
		return m, m, true
	case c.share[g] > 0:
		m := c.loss[g] / c.share[g]
		return m, m, true
	}
	return 0, 0, false
}

// withinVersions is the part of the model term that is not a change of the versions' shares: inside each segment the
// change of its mean loss is split over versions by the midpoint rule. Not ok where the versions' shares are the same.
func (x *Index) withinVersions(b, c measure) (within float64, ok bool) {
	for from := 0; from < len(x.groups); {
		to := from
		var inB, inC float64
		for to < len(x.groups) && x.groups[to].segment == x.groups[from].segment {
			inB, inC = inB+b.share[to], inC+c.share[to]
			to++
		}
		for g := from; inB > 0 && inC > 0 && g < to; g++ {
			before, after, any := means(b, c, g)
			if !any {
				continue
			}
			within += (inB + inC) / 2 * (b.share[g]/inB + c.share[g]/inC) / 2 * (after - before)
			ok = ok || !near(b.share[g]/inB, c.share[g]/inC)
		}
		from = to
	}
	return within, ok
}

func near(a, b float64) bool { return a-b < 1e-12 && b-a < 1e-12 }
