package attribution

import (
	"math"
	"slices"
)

const (
	// LeastFidelity is the fidelity under which what scores rows anew is refused.
	LeastFidelity = 0.98

	// mostOutside is the share of repaired values outside of what was fitted above which it is refused.
	mostOutside = 0.01

	// exactResidual is the largest residual on the link scale with which a fit gives the scores themselves.
	exactResidual = 1e-6

	// leastHeld is the number of held-out rows from which a fit that is not exact is judged.
	leastHeld = 10

	// leastCovered is the share of the predictions that a finding without a cause hits that have a value to repair: what else it is
	// about costs something too, and no repair says what.
	leastCovered = 0.9
)

// repairKey names what the rows of a cell are repaired of.
type repairKey struct {
	day          Day
	group, print int32
	slot         int8
	mask         uint64
}

// repairSums are what repaired rows of a cell come to.
type repairSums struct {
	loss, expected  Fixed
	values, outside int64
}

// heldRow is a row that was not fitted on.
type heldRow struct {
	print           int32
	score, residual float64
}

// repairTable is Repairs under the index's ids.
type repairTable struct {
	priced  bool
	sums    map[repairKey]repairSums
	basis   map[int32]Basis     // by version
	held    map[int32][]heldRow // by version
	weights map[Day]Fixed
}

// Repaired gives the index with what its rows come to when repaired. It leaves x as it is.
func (x *Index) Repaired(r *Repairs) *Index {
	t := &repairTable{priced: r.Priced, sums: map[repairKey]repairSums{}, basis: map[int32]Basis{}, held: map[int32][]heldRow{}, weights: r.Weights}
	for i := range r.Losses {
		one := &r.Losses[i]
		id, ok := slices.BinarySearchFunc(x.groups, group{x.segmentRanks.at(one.Segment), x.versionRanks.at(one.Version)}, compareGroups)
		if !ok {
			continue
		}
		key := repairKey{one.Day, int32(id), x.printRanks.at(one.Fingerprint), ageSlot(one.Age), one.Mask}
		s := t.sums[key]
		s.loss, s.expected = s.loss.Add(one.Loss), s.expected.Add(one.Expected)
		s.values, s.outside = s.values+one.Values, s.outside+one.Outside
		t.sums[key] = s
	}
	for _, f := range r.Fits {
		version := x.versionRanks.at(f.Version)
		t.basis[version] = f.Basis
		for _, row := range f.Held {
			t.held[version] = append(t.held[version], heldRow{x.printRanks.at(row.Fingerprint), row.Score, row.Residual})
		}
	}
	copied := *x
	copied.repairs = t
	return &copied
}

// repairing is by finding what its repair rests on.
type repairing struct {
	basis    Basis // "" where it is not repaired
	fidelity *float64
	expected *float64 // mean loss of the window that it is expected to cost, without outcomes
}

// settleRepairs decides which findings are repaired, and has h know it: those whose rows are all scored anew, by something that is
// true to the scores of both their rows and those that nothing hits.
func (x *Index) settleRepairs(q Question, h *hits) []repairing {
	all := make([]repairing, len(h.repaired))
	if x.repairs == nil {
		h.settle(make([]bool, len(all)))
		return all
	}
	able := slices.Clone(h.repaired)
	for f := range able {
		able[f] = able[f] && x.covered(q, h, f)
	}
	h.settle(able)
	for f := range able {
		if !able[f] {
			continue
		}
		all[f], able[f] = x.grounds(q, h, f)
	}
	h.settle(able)
	for missing := x.unrepaired(q, h); len(missing) > 0; missing = x.unrepaired(q, h) {
		for _, f := range missing {
			able[f] = false
		}
		h.settle(able)
	}
	for f := range all {
		if !able[f] {
			all[f] = repairing{}
			continue
		}
		if h.mends[f] == 0 {
			all[f].expected = x.expected(q, h, f)
		}
	}
	return all
}

// settle keeps the repairs of some findings.
func (h *hits) settle(able []bool) {
	h.repaired = slices.Clone(able)
	h.blocks = map[dayPrint][]block{}
}

// blockOf is what a finding stands for on a fingerprint on a day; 0 for nothing.
func (h *hits) blockOf(f int, day Day, print int32) uint64 {
	for _, b := range h.blocksOf(day, print) {
		if b.finding == f {
			return b.mask
		}
	}
	return 0
}

// looked calls see with the days that an answer looks at.
func (x *Index) looked(q Question, see func(*day)) {
	for i := range x.days {
		if d := &x.days[i]; d.day >= q.Since && d.day < q.Boundary {
			see(d)
		}
	}
}

// covered tells whether a finding without a cause has a value to repair on nearly all predictions that it hits. What a cause does
// beside the values that bear it needs none.
func (x *Index) covered(q Question, h *hits, f int) bool {
	if !h.causeless[f] {
		return true
	}
	var hit, covered int64
	x.looked(q, func(d *day) {
		for _, p := range d.prints {
			if slices.Contains(h.sets[h.of(d.day, p.print)], f) {
				hit += p.predictions
				if h.blockOf(f, d.day, p.print) != 0 {
					covered += p.predictions
				}
			}
		}
	})
	return hit > 0 && float64(covered) >= leastCovered*float64(hit)
}

// unrepaired lists the findings that share a cell of the days looked at that is not scored anew under each coalition.
func (x *Index) unrepaired(q Question, h *hits) (missing []int) {
	seen := map[int]bool{}
	x.looked(q, func(d *day) {
		for i := range d.cells {
			c := &d.cells[i]
			blocks := h.blocksOf(d.day, c.print)
			if len(blocks) == 0 {
				continue
			}
			for _, mask := range coalitions(blocks) {
				if _, ok := x.repairs.sums[repairKey{d.day, c.group, c.print, c.slot, mask}]; ok {
					continue
				}
				for _, b := range blocks {
					if !seen[b.finding] {
						seen[b.finding] = true
						missing = append(missing, b.finding)
					}
				}
				break
			}
		}
	})
	return missing
}

// grounds says what the repair of a finding rests on, of all versions the worst. Its fidelity is the smaller of the held-out R2 on the rows
// that it hits and on those that no replay contradicts. Not ok where it is refused: it is not true to them, or what was distilled is asked
// beyond its range. Source: section 6 of the design, "distilled".
func (x *Index) grounds(q Question, h *hits, f int) (repairing, bool) {
	if h.mends[f] > 0 {
		return repairing{basis: Measured}, true // its outcomes are put right, no score is asked
	}
	versions := map[int32]bool{}
	x.looked(q, func(d *day) {
		for i := range d.cells {
			if c := &d.cells[i]; h.blockOf(f, d.day, c.print) != 0 {
				versions[x.groups[c.group].version] = true
			}
		}
	})
	var values, outside int64
	for key, s := range x.repairs.sums {
		if key.slot < 0 && key.day >= q.Since && key.day < q.Boundary && key.mask == h.blockOf(f, key.day, key.print) {
			values, outside = values+s.values, outside+s.outside
		}
	}
	if len(versions) == 0 || float64(outside) > mostOutside*float64(values) {
		return repairing{}, false
	}
	on := repairing{basis: Measured}
	least := 1.0
	for version := range versions {
		var hit, sound []heldRow
		for _, row := range x.repairs.held[version] {
			switch {
			case h.blockOf(f, plainDay, row.print) != 0:
				hit = append(hit, row)
			case len(x.disputed(row.print)) == 0:
				sound = append(sound, row)
			}
		}
		least = min(least, explained(hit), explained(sound))
		if x.repairs.basis[version] == Distilled {
			on.basis = Distilled
		}
	}
	if on.basis == Distilled {
		on.fidelity = &least
	}
	return on, least >= LeastFidelity
}

// Explained is the share of the scores' variance that what gives them anew explains, as a fidelity is.
func Explained(rows []Held) float64 {
	all := make([]heldRow, len(rows))
	for i, r := range rows {
		all[i] = heldRow{score: r.Score, residual: r.Residual}
	}
	return explained(all)
}

// explained is the share of the scores' variance that a fit explains on rows that it has not seen: 1 where it gives them to 1e-6,
// 0 where there are too few to tell.
func explained(rows []heldRow) float64 {
	n := float64(len(rows))
	if n == 0 {
		return 0
	}
	mean, largest := 0.0, 0.0
	for _, r := range rows {
		mean += r.score / n
		largest = max(largest, math.Abs(r.residual))
	}
	if largest <= exactResidual {
		return 1
	}
	var all, left float64
	for _, r := range rows {
		all += (r.score - mean) * (r.score - mean)
		left += r.residual * r.residual
	}
	if n < leastHeld || all <= 0 {
		return 0
	}
	return max(0, 1-left/all)
}

// expected is what a finding alone is expected to cost in the window, in mean loss, the outcome of each row drawn from its repaired
// score; nil where that is not known for the loss. Source: section 6 of the design, "expected_cost".
func (x *Index) expected(q Question, h *hits, f int) *float64 {
	if !x.repairs.priced {
		return nil
	}
	var weight, saved Fixed
	from := q.Boundary - Day(q.Window)
	for i := range x.days {
		if d := &x.days[i]; d.day >= from && d.day < q.Boundary && d.closed {
			weight = weight.Add(x.repairs.weights[d.day])
		}
	}
	for key, s := range x.repairs.sums {
		if key.slot < 0 && key.day >= from && key.day < q.Boundary && key.mask == h.blockOf(f, key.day, key.print) {
			if i := x.dayAt(key.day); i >= 0 && x.days[i].closed {
				saved = saved.Add(s.expected)
			}
		}
	}
	if weight.Float() <= 0 {
		return nil
	}
	return nineOf(saved.Float() / weight.Float())
}

// saved adds to sums, by block, what repairing each saves in a cell.
func (x *Index) saved(day Day, c *cell, blocks []block, sums []float64) {
	shapley(blocks, func(mask uint64) float64 {
		if mask == 0 {
			return c.loss.Float()
		}
		return x.repairs.sums[repairKey{day, c.group, c.print, c.slot, mask}].loss.Float()
	}, sums)
}
