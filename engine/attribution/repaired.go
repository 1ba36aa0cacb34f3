package attribution

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

const (
	// LeastFidelity is the fidelity under which what scores rows anew is refused.
	LeastFidelity = 0.98

	// mostOutside is the share of repaired values outside of what was fitted above which it is refused, and of a finding's rows that nothing
	// scores anew.
	mostOutside = 0.01

	// ExactResidual is the largest residual on the link scale with which a fit gives the scores themselves.
	ExactResidual = 1e-6

	// mostMissed is the root mean square of the residuals, in that of what repairing moves the links by, above which it is refused: what the
	// fit does not see may be as large a part of that.
	mostMissed = 0.1

	// leastHeld is the number of held-out rows from which a fit that is not exact is judged.
	leastHeld = 10

	// leastCovered is the share of the predictions by which a finding is told that must have a value to repair: what else it is about
	// costs something too, and no repair says what.
	leastCovered = 0.9
)

// repairKey names what the rows of a cell are repaired of.
type repairKey struct {
	day          Day
	group, print int32
	slot         int8
	mask         uint64
}

// predictedRepair is what is known of repaired predictions without their outcomes.
type predictedRepair struct {
	group, print    int32
	mask            uint64
	expected, moved Fixed
	rows            int64
	values, outside int64
}

// heldRow is a row that was not fitted on.
type heldRow struct {
	print           int32
	score, residual float64
}

// repairTable is Repairs under the index's ids.
type repairTable struct {
	priced    bool
	losses    map[repairKey]Fixed
	predicted map[Day][]predictedRepair
	basis     map[int32]Basis     // by version
	held      map[int32][]heldRow // by version
	weights   map[Day]Fixed
}

// Repaired gives the index with what its rows come to when repaired. It leaves x as it is.
func (x *Index) Repaired(r *Repairs) *Index {
	t := &repairTable{priced: r.Priced, losses: map[repairKey]Fixed{}, predicted: map[Day][]predictedRepair{}, basis: map[int32]Basis{},
		held: map[int32][]heldRow{}, weights: r.Weights}
	for i := range r.Losses {
		one := &r.Losses[i]
		at, ok := slices.BinarySearchFunc(x.groups, group{x.segmentRanks.at(one.Segment), x.versionRanks.at(one.Version)}, compareGroups)
		if !ok {
			continue
		}
		print := x.printRanks.at(one.Fingerprint)
		if one.Age == AgePredicted {
			t.predicted[one.Day] = append(t.predicted[one.Day], predictedRepair{int32(at), print, one.Mask, one.Expected, one.Moved, one.Rows, one.Values, one.Outside})
			continue
		}
		key := repairKey{one.Day, int32(at), print, ageSlot(one.Age), one.Mask}
		t.losses[key] = t.losses[key].Add(one.Loss)
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
	refused  string   // why it is not repaired though its values could be; "" otherwise
}

// settleRepairs decides which findings are repaired, and has h know it: those whose rows are scored anew by something that is
// true to the scores of both their rows and others.
func (x *Index) settleRepairs(q Question, h *hits) []repairing {
	all := make([]repairing, len(h.repaired))
	if x.repairs == nil {
		h.settle(make([]bool, len(all)))
		return all
	}
	able := slices.Clone(h.repaired)
	for f := range able {
		if able[f] && !x.covered(q, h, f) {
			able[f] = false
			all[f].refused = "it is about more than values that a replay puts right"
		}
	}
	h.settle(able)
	for f := range able {
		if able[f] {
			all[f] = x.grounds(q, h, f)
		}
	}
	for f := range able {
		able[f] = able[f] && all[f].refused == ""
	}
	h.settle(able)
	for missing := x.unscored(q, h); len(missing) > 0; missing = x.unscored(q, h) {
		for _, f := range missing {
			able[f] = false
			all[f] = repairing{refused: "part of its rows are of a model version of which too little is logged"}
		}
		h.settle(able)
	}
	for f := range able {
		if able[f] && !h.outcome[f] {
			all[f].expected = x.expected(q, h, f)
		}
	}
	return all
}

// settle keeps the repairs of some findings.
func (h *hits) settle(able []bool) {
	h.repaired = slices.Clone(able)
	h.plays = map[dayPrint]play{}
}

// blockOf is what a finding stands for on a fingerprint on a day; 0 for nothing.
func (h *hits) blockOf(f int, day Day, print int32) uint64 {
	for _, b := range h.playOf(day, print).blocks {
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

// covered tells whether a finding has a value to repair on nearly all predictions that it is told by.
func (x *Index) covered(q Question, h *hits, f int) bool {
	if h.mends[f] > 0 {
		return true
	}
	var hit, covered int64
	x.looked(q, func(d *day) {
		for _, p := range d.prints {
			if slices.Contains(h.sets[h.of(d.day, p.print)], f) && h.bears(f, p.print) {
				hit += p.predictions
				if h.blockOf(f, d.day, p.print) != 0 {
					covered += p.predictions
				}
			}
		}
	})
	return hit > 0 && float64(covered) >= leastCovered*float64(hit)
}

// unscored lists the findings of which more than a hundredth, of the weight or of the loss of their rows, is in cells that are not scored
// anew under each coalition.
func (x *Index) unscored(q Question, h *hits) (missing []int) {
	all, without := make([]pair, len(h.repaired)), make([]pair, len(h.repaired))
	x.looked(q, func(d *day) {
		for i := range d.cells {
			c := &d.cells[i]
			p := h.playOf(d.day, c.print)
			if len(p.blocks) == 0 {
				continue
			}
			scored := x.scored(d.day, c, p.masks)
			for _, b := range p.blocks {
				all[b.finding].add(pair{c.weight, c.loss})
				if !scored {
					without[b.finding].add(pair{c.weight, c.loss})
				}
			}
		}
	})
	for f := range all {
		if without[f].weight.Float() > mostOutside*all[f].weight.Float() || without[f].loss.Float() > mostOutside*all[f].loss.Float() {
			missing = append(missing, f)
		}
	}
	return missing
}

// scored tells whether a cell is scored anew under each coalition.
func (x *Index) scored(day Day, c *cell, masks []uint64) bool {
	for _, mask := range masks {
		if _, ok := x.repairs.losses[repairKey{day, c.group, c.print, c.slot, mask}]; !ok {
			return false
		}
	}
	return true
}

// grounds says what the repair of a finding rests on, of all versions the worst. Its fidelity is the smaller of the held-out R2 on the rows
// that it hits and on others, least of all versions. It is refused where it is not true to them, where what it misses is no small part of
// what repairing moves, or where what was distilled is asked beyond its range. Source: section 6 of the design, "distilled"; that R2 alone
// says nothing of a feature of small weight was found by trying.
func (x *Index) grounds(q Question, h *hits, f int) repairing {
	if h.outcome[f] {
		return repairing{basis: Measured} // its outcomes are put right, no score is asked
	}
	hit := map[int32]*reached{} // by version
	var values, outside int64
	for day, all := range x.repairs.predicted {
		if day < q.Since || day >= q.Boundary {
			continue
		}
		for i := range all {
			p := &all[i]
			if p.mask != h.blockOf(f, day, p.print) {
				continue
			}
			version := x.groups[p.group].version
			if hit[version] == nil {
				hit[version] = &reached{}
			}
			hit[version].rows += p.rows
			hit[version].moved = hit[version].moved.Add(p.moved)
			values, outside = values+p.values, outside+p.outside
		}
	}
	switch {
	case len(hit) == 0:
		return repairing{refused: "too little is logged of the model to say how it would have scored its rows"}
	case float64(outside) > mostOutside*float64(values):
		return repairing{refused: fmt.Sprintf("%.1f %% of its values lie beyond those that the model was seen with", 100*float64(outside)/float64(values))}
	}
	on, fidelity := repairing{basis: Measured}, 1.0
	for _, version := range slices.Sorted(maps.Keys(hit)) {
		if x.repairs.basis[version] == Distilled {
			on.basis = Distilled
		}
		explains, missed := x.trueTo(h, f, version)
		fidelity = min(fidelity, explains)
		if shift := hit[version].size(); missed > max(mostMissed*shift, ExactResidual) {
			return repairing{refused: fmt.Sprintf("what scores its rows anew misses logged scores by %.3g on the link scale, where repairing moves them by %.3g", missed, shift)}
		}
	}
	on.fidelity = &fidelity
	if fidelity < LeastFidelity {
		return repairing{refused: fmt.Sprintf("what scores its rows anew explains %.3f of the logged scores, less than %v", fidelity, LeastFidelity)}
	}
	return on
}

// reached is how far repairing moves the predictions of a version.
type reached struct {
	rows  int64
	moved Fixed
}

// size is the root mean square of what their links move by.
func (r *reached) size() float64 { return math.Sqrt(r.moved.Float() / float64(max(r.rows, 1))) }

// trueTo says how true what scores a version anew is to its logged scores: the share of their variance that it explains, the smaller of that
// on the rows that a finding hits and on others, and the larger root mean square of its residuals.
func (x *Index) trueTo(h *hits, f int, version int32) (explains, missed float64) {
	var hit, others []heldRow
	for _, row := range x.repairs.held[version] {
		if h.blockOf(f, plainDay, row.print) != 0 {
			hit = append(hit, row)
		} else {
			others = append(others, row)
		}
	}
	explains = 1
	if whole := h.mends[f] > 0 && len(h.own[f]) == 0; !whole { // no row is told from others where all of some days are hit
		explains = explained(hit)
	}
	if len(others) > 0 {
		explains = min(explains, explained(others))
	}
	for _, rows := range [][]heldRow{hit, others} {
		square := 0.0
		for _, r := range rows {
			square += r.residual * r.residual / float64(len(rows))
		}
		missed = max(missed, math.Sqrt(square))
	}
	return explains, missed
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
	if largest <= ExactResidual {
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
	for i := range x.days {
		d := &x.days[i]
		if d.day < q.Boundary-Day(q.Window) || d.day >= q.Boundary || !d.closed {
			continue
		}
		weight = weight.Add(x.repairs.weights[d.day])
		for k := range x.repairs.predicted[d.day] {
			if p := &x.repairs.predicted[d.day][k]; p.mask == h.blockOf(f, d.day, p.print) {
				saved = saved.Add(p.expected)
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
		return x.repairs.losses[repairKey{day, c.group, c.print, c.slot, mask}].Float()
	}, sums)
}
