package attribution

import "slices"

// pair is rows (weighted) and their loss.
type pair struct{ weight, loss Fixed }

func (p *pair) add(o pair) { p.weight, p.loss = p.weight.Add(o.weight), p.loss.Add(o.loss) }

// part is one segment on one day of a walk: weight and loss of all its rows, and what the findings are charged with.
// In the baseline they are mixed over ages and scaled so that the weights of all its parts sum to 1.
type part struct {
	day, segment         int32
	weight, loss, charge float64
}

// charge is the excess loss that one finding is charged with in one stratum, as known up to the age of a class.
type charge struct {
	finding     int
	part, group int32
	class       int8
	value       float64
}

// affectedSum is a finding's rows with outcomes on the days of a walk.
type affectedSum struct {
	rows            int64
	all, controlled Fixed // weights
	loss            Fixed
}

// held tells whether enough of the rows have controls to be held against.
func (s *affectedSum) held() bool {
	return s.all.Float() > 0 && s.controlled.Float() >= leastControlled*s.all.Float()
}

// walk goes through the cells of some days, stratum by stratum: day x segment x version. Findings that are repaired are charged with
// what that saves, row by row. For the others, the controls of a stratum are its
// rows whose whole fingerprint is nominal; the excess of the rows hit by a set of findings is their loss, repaired of the
// former, less their number times the controls' mean loss, and is divided equally among them. Strata without controls are charged
// nothing. Whether affected rows and controls are alike is for the balance of the contrast to say.
type walk struct {
	x       *Index
	h       *hits
	classes int
	perRow  []float64 // by class: what a row known up to its age counts; 1 on days at their own age
	mixed   []float64 // by class: what a row first known in it counts, the sum of perRow from it on

	groups   []pair // by group, then class: first known in that class
	parts    []part
	charges  []charge
	affected []affectedSum // by finding

	stratum, rest, segment []pair // by class: all rows, those that are no controls; of the whole segment
	sets                   []setPair
	saved                  []float64 // of one cell, by block
}

// setPair is the rows of a stratum that a set of findings hits, by class.
type setPair struct {
	set     int32
	rows    int64
	byClass []pair
	saved   []float64 // by class, then finding of the set: what its repair saves
}

func newWalk(x *Index, h *hits, perRow []float64, findings int) *walk {
	n := len(perRow)
	w := &walk{x: x, h: h, classes: n, perRow: perRow, mixed: make([]float64, n), groups: make([]pair, len(x.groups)*n),
		affected: make([]affectedSum, findings), stratum: make([]pair, n), rest: make([]pair, n), segment: make([]pair, n)}
	sum := 0.0
	for c := n - 1; c >= 0; c-- {
		sum += perRow[c]
		w.mixed[c] = sum
	}
	return w
}

// day walks day i, the k-th of the walk; classOf sorts the slots of ages into classes, -1 for none.
func (w *walk) day(k, i int, classOf *[ageSlots]int8) {
	x := w.x
	cells := x.days[i].cells
	for at := 0; at < len(cells); {
		g := cells[at].group
		for at < len(cells) && cells[at].group == g {
			c := &cells[at]
			at++
			class := classOf[c.slot]
			if class < 0 {
				continue
			}
			p := pair{c.weight, c.loss}
			w.stratum[class].add(p)
			if set := w.h.of(x.days[i].day, c.print); set != clean {
				w.rest[class].add(p)
				if set != noise {
					w.hit(set, class, x.days[i].day, c)
				}
			}
		}
		w.closeStratum(g)
		if at == len(cells) || x.groups[cells[at].group].segment != x.groups[g].segment {
			w.closeSegment(int32(k), x.groups[g].segment)
		}
	}
}

// hit adds a cell to the rows that a set of findings hits.
func (w *walk) hit(set int32, class int8, day Day, c *cell) {
	s := w.rowsOf(set)
	s.rows += c.rows
	s.byClass[class].add(pair{c.weight, c.loss})
	p := w.h.playOf(day, c.print)
	blocks := p.blocks
	if len(blocks) == 0 || !w.x.scored(day, c, p.masks) {
		return
	}
	w.saved = slices.Grow(w.saved[:0], len(blocks))[:len(blocks)]
	clear(w.saved)
	w.x.saved(day, c, blocks, w.saved)
	findings := w.h.sets[set]
	for k, b := range blocks {
		s.saved[int(class)*len(findings)+slices.Index(findings, b.finding)] += w.saved[k]
	}
}

// rowsOf gives the rows of the open stratum that a set hits.
func (w *walk) rowsOf(set int32) *setPair {
	for i := range w.sets {
		if w.sets[i].set == set {
			return &w.sets[i]
		}
	}
	n := len(w.sets)
	if n == cap(w.sets) {
		w.sets = append(w.sets, setPair{})
	}
	w.sets = w.sets[:n+1]
	s := &w.sets[n] // an earlier stratum's, to use its memory again
	if s.byClass == nil {
		s.byClass = make([]pair, w.classes)
	}
	clear(s.byClass)
	s.saved = slices.Grow(s.saved[:0], w.classes*len(w.h.sets[set]))[:w.classes*len(w.h.sets[set])]
	clear(s.saved)
	s.set, s.rows = set, 0
	return s
}

// closeStratum adds the stratum to its group and its segment and charges the findings that hit it.
func (w *walk) closeStratum(g int32) {
	if len(w.sets) > 0 {
		w.chargeStratum(g)
	}
	for c := range w.stratum {
		if p := w.stratum[c]; p != (pair{}) {
			w.groups[int(g)*w.classes+c].add(p)
			w.segment[c].add(p)
		}
		w.stratum[c], w.rest[c] = pair{}, pair{} // a class may sum to nothing and yet have a rest
	}
}

// chargeStratum charges as known up to each class's age; the affected sums are those of the last class.
func (w *walk) chargeStratum(g int32) {
	var controls pair
	for c := range w.stratum {
		controls.add(w.stratum[c])
		controls.weight, controls.loss = controls.weight.Sub(w.rest[c].weight), controls.loss.Sub(w.rest[c].loss)
		for i := range w.sets {
			w.chargeSet(&w.sets[i], g, c, controls)
		}
	}
	for _, s := range w.sets {
		last := s.byClass[w.classes-1]
		for _, f := range w.h.sets[s.set] {
			a := &w.affected[f]
			a.rows += s.rows
			a.all, a.loss = a.all.Add(last.weight), a.loss.Add(last.loss)
			if controls.weight.Float() > 0 {
				a.controlled = a.controlled.Add(last.weight)
			}
		}
	}
	w.sets = w.sets[:0]
}

// chargeSet charges the findings of a set as known up to the age of a class: those that are repaired with what that saves, the
// others with equal parts of what then still exceeds the controls.
func (w *walk) chargeSet(s *setPair, g int32, c int, controls pair) {
	findings := w.h.sets[s.set]
	n := len(findings)
	if c > 0 {
		s.byClass[c].add(s.byClass[c-1])
		for k := range n {
			s.saved[c*n+k] += s.saved[(c-1)*n+k]
		}
	}
	hit := s.byClass[c]
	if hit == (pair{}) {
		return
	}
	repaired, excess := 0, hit.loss.Float()
	for k, f := range findings {
		if w.h.repaired[f] {
			repaired++
			excess -= s.saved[c*n+k]
			w.charges = append(w.charges, charge{f, int32(len(w.parts)), g, int8(c), s.saved[c*n+k]})
		}
	}
	weight := controls.weight.Float()
	if weight <= 0 || repaired == n {
		return
	}
	each := (excess - hit.weight.Float()*controls.loss.Float()/weight) / float64(n-repaired)
	for _, f := range findings {
		if !w.h.repaired[f] {
			w.charges = append(w.charges, charge{f, int32(len(w.parts)), g, int8(c), each})
		}
	}
}

func (w *walk) closeSegment(day, segment int32) {
	p := part{day: day, segment: segment}
	for c := range w.segment {
		if s := w.segment[c]; s != (pair{}) {
			p.weight += w.mixed[c] * s.weight.Float()
			p.loss += w.mixed[c] * s.loss.Float()
			w.segment[c] = pair{}
		}
	}
	w.parts = append(w.parts, p)
}

// settle charges the parts with the findings whose cost is identified.
func (w *walk) settle(identified []bool) {
	for _, c := range w.charges {
		if identified[c.finding] {
			w.parts[c.part].charge += w.perRow[c.class] * c.value
		}
	}
}

// phi is each finding's charge over the walk: the sum over its rows, in the baseline mixed and scaled like its parts.
func (w *walk) phi() []float64 {
	phi := make([]float64, len(w.affected))
	for _, c := range w.charges {
		phi[c.finding] += w.perRow[c.class] * c.value
	}
	return phi
}

// dayTotal is one day of a walk: its weight and loss, what its identified findings are charged with, and each finding's
// charge.
type dayTotal struct {
	weight, loss float64
	phi          []float64
}

// totals sums the walk up by its n days.
func (w *walk) totals(n int) []dayTotal {
	days := make([]dayTotal, n)
	phi := make([]float64, n*len(w.affected))
	for k := range days {
		days[k].phi = phi[k*len(w.affected) : (k+1)*len(w.affected)]
	}
	for _, p := range w.parts {
		days[p.day].weight += p.weight
		days[p.day].loss += p.loss
	}
	for _, c := range w.charges {
		days[w.parts[c.part].day].phi[c.finding] += w.perRow[c.class] * c.value
	}
	return days
}
