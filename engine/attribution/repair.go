package attribution

import (
	"cmp"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"github.com/plumbline-data/plumbline/engine/fingerprint"
)

// Repair is what the rows of one cell come to with some of their features repaired: served as the declaration replays them. At
// AgePredicted it tells what is known without outcomes.
type Repair struct {
	Day         Day
	Version     int32 // index into Cube.Versions
	Segment     int32 // index into Cube.Segments
	Fingerprint int32 // index into Cube.Fingerprints
	Age         int16
	// Mask says what is repaired. Bit k: the k-th disputed value of the fingerprint, in the layout's order; bit 64 - k: mend k.
	Mask uint64

	Loss     Fixed // weighted sum of losses, as Cell.Loss is of the logged ones
	Expected Fixed // at AgePredicted: weighted sum of what repairing is expected to save, the outcome drawn from the repaired score
	Rows     int64 // at AgePredicted: repaired predictions
	Moved    Fixed // at AgePredicted: sum of the squares of what repairing moves their links by
	Values   int64 // at AgePredicted: repaired values
	Outside  int64 // of these, where the served or the repaired one lies outside of what was fitted
}

// Repairs is what repaired rows come to.
type Repairs struct {
	Losses  []Repair
	Fits    []Fit         // by version
	Weights map[Day]Fixed // of all predictions of a day
	Priced  bool          // Expected is known for this loss
}

// Fit is how well what scores the rows of a version anew gives its logged scores.
type Fit struct {
	Version int32 // index into Cube.Versions
	Basis   Basis // Measured or Distilled
	Held    []Held
}

// Held is a row that was not fitted on. Figures are on the link scale.
type Held struct {
	Fingerprint     int32 // index into Cube.Fingerprints
	Score, Residual float64
}

// Wanted is a coalition of repairs that an answer rests on.
type Wanted struct {
	Fingerprint int32 // index into Cube.Fingerprints
	Mask        uint64
	Features    []string // that the mask repairs as declared
	Disputed    []string // all features that a replay contradicts under the fingerprint
	Mends       []int    // ascending
}

const (
	// MostMends is how many mends a mask has room for, mostDisputed how many values of a row.
	MostMends    = 8
	mostDisputed = 64 - MostMends
)

// mendBit is the bit of a mend in a mask.
func mendBit(mend int) uint64 { return 1 << (64 - mend) }

// exactPlayers is the number of findings on one row up to which every coalition is looked at: of 64 orders of eight more prefixes would
// be asked than there are coalitions. Above it those on so many seeded orders of them are.
const (
	exactPlayers = 8
	orders       = 64
)

// block is the disputed values of a fingerprint that one finding stands for.
type block struct {
	finding int
	mask    uint64
}

// play is what the findings that can be repaired stand for on a fingerprint, and the coalitions that their shares rest on.
type play struct {
	blocks []block
	masks  []uint64
}

// disputed gives the levels of a fingerprint's values that contradict their replay, in the layout's order.
func (x *Index) disputed(print int32) []int32 {
	var all []int32
	for _, l := range x.levelsOf(print) {
		if x.isDisputed(l) {
			all = append(all, l)
		}
	}
	return all
}

func (x *Index) isDisputed(level int32) bool {
	return x.conditions[x.levels[level].condition].Kind == fingerprint.Value && x.standing(level) == fingerprint.Disputed
}

// repairable tells whether replays can put right what a candidate is about: values that they contradict, and nothing that has none.
func (x *Index) repairable(c *candidate) bool {
	if c.outcome {
		return false
	}
	any := false
	for _, l := range c.levels {
		k := &x.conditions[x.levels[l.level].condition]
		if k.Kind != fingerprint.Value {
			continue
		}
		if !isReplayed(k) {
			return false
		}
		any = any || x.isDisputed(l.level)
	}
	return any
}

// isReplayed tells the values that a replay may contradict.
func isReplayed(k *fingerprint.Condition) bool {
	return k.Kind == fingerprint.Value && slices.ContainsFunc(k.Levels, func(l fingerprint.Level) bool { return l.Standing == fingerprint.Disputed })
}

// playOf gives what the findings that can be repaired stand for on a fingerprint on a day, in their order.
func (h *hits) playOf(day Day, print int32) play {
	key := dayPrint{plainDay, print}
	if h.isWhole(day) {
		key.day = day
	}
	if known, ok := h.plays[key]; ok {
		return known
	}
	var all []block
	add := func(f int, mask uint64) {
		at, ok := slices.BinarySearchFunc(all, f, func(b block, f int) int { return cmp.Compare(b.finding, f) })
		if !ok {
			all = slices.Insert(all, at, block{finding: f})
		}
		all[at].mask |= mask
	}
	for k, l := range h.x.disputed(print) {
		switch f := int(h.findingOf[l]); {
		case f < 0 || !h.repaired[f]:
		case k < mostDisputed:
			add(f, 1<<k)
		default:
			add(f, tooMany)
		}
	}
	for _, w := range h.whole {
		if h.repaired[w.finding] && h.mends[w.finding] > 0 && day >= w.From && day < w.To {
			add(w.finding, mendBit(h.mends[w.finding]))
		}
	}
	for f, mend := range h.mends {
		if mend > 0 && h.repaired[f] && len(h.own[f]) > 0 && h.bears(f, print) {
			add(f, mendBit(mend))
		}
	}
	p := play{blocks: all}
	if len(all) > 0 {
		p.masks = coalitions(all)
	}
	h.plays[key] = p
	return p
}

// plainDay stands for all days that no finding hits as a whole.
const plainDay Day = math.MinInt32

func (h *hits) isWhole(day Day) bool {
	return slices.ContainsFunc(h.whole, func(w dayRange) bool { return day >= w.From && day < w.To })
}

// tooMany is no coalition of values: a row with more disputed values than a mask has room for is never looked up.
const tooMany = math.MaxUint64

// coalitions gives the masks of the coalitions of blocks that their Shapley values rest on, the empty one left out.
func coalitions(blocks []block) []uint64 {
	var masks []uint64
	if len(blocks) <= exactPlayers {
		for set := 1; set < 1<<len(blocks); set++ {
			masks = append(masks, union(blocks, uint(set)))
		}
		return masks
	}
	for _, b := range blocks {
		masks = append(masks, b.mask) // each alone is what it is judged by
	}
	eachOrder(len(blocks), func(order []int) {
		mask := uint64(0)
		for _, k := range order {
			mask |= blocks[k].mask
			masks = append(masks, mask)
		}
	})
	slices.Sort(masks)
	return slices.Compact(masks)
}

func union(blocks []block, set uint) (mask uint64) {
	for ; set != 0; set &= set - 1 {
		mask |= blocks[bits.TrailingZeros(set)].mask
	}
	return mask
}

// eachOrder calls see with seeded orders of n players; it must not keep them.
func eachOrder(n int, see func([]int)) {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	r := rand.New(rand.NewPCG(1, uint64(n)))
	for range orders {
		r.Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
		see(order)
	}
}

// shapley adds to saved, by block, the Shapley value of each in the loss that repairing them saves; loss gives it of a mask. The
// values sum to loss(0) less that of all blocks together. Source: Shapley 1953, "A value for n-person games".
func shapley(blocks []block, loss func(mask uint64) float64, saved []float64) {
	n := len(blocks)
	if n > exactPlayers {
		eachOrder(n, func(order []int) {
			mask, before := uint64(0), loss(0)
			for _, k := range order {
				mask |= blocks[k].mask
				after := loss(mask)
				saved[k] += (before - after) / orders
				before = after
			}
		})
		return
	}
	share := [exactPlayers]float64{} // of the orders in which so many come before
	for size := range n {
		share[size] = 1 / (float64(n) * binomial(n-1, size))
	}
	for set := range uint(1) << n {
		at := loss(union(blocks, set))
		size := bits.OnesCount(set)
		for k := range n {
			if set&(1<<k) != 0 {
				saved[k] -= share[size-1] * at
			} else {
				saved[k] += share[size] * at
			}
		}
	}
}

func binomial(n, k int) float64 {
	b := 1.0
	for i := range k {
		b = b * float64(n-i) / float64(i+1)
	}
	return b
}

// Wanted lists the repairs that the answer to a question rests on, each once, by fingerprint and mask.
func (x *Index) Wanted(q Question) []Wanted {
	h := x.scene(q).hits
	places := x.places()
	seen := map[wantedKey]bool{}
	var all []Wanted
	x.looked(q, func(d *day) {
		for _, p := range d.prints {
			place := places[p.print]
			if place < 0 {
				continue
			}
			for _, mask := range h.playOf(d.day, p.print).masks {
				if key := (wantedKey{place, mask}); mask != tooMany && !seen[key] {
					seen[key] = true
					all = append(all, x.wanted(place, p.print, mask))
				}
			}
		}
	})
	slices.SortFunc(all, func(a, b Wanted) int {
		return cmp.Or(cmp.Compare(a.Fingerprint, b.Fingerprint), cmp.Compare(a.Mask, b.Mask))
	})
	return all
}

type wantedKey struct {
	place int32
	mask  uint64
}

// wanted says what a mask repairs of a fingerprint.
func (x *Index) wanted(place, print int32, mask uint64) Wanted {
	w := Wanted{Fingerprint: place, Mask: mask}
	for k, l := range x.disputed(print) {
		name := x.conditions[x.levels[l].condition].Of
		w.Disputed = append(w.Disputed, name)
		if k < mostDisputed && mask&(1<<k) != 0 {
			w.Features = append(w.Features, name)
		}
	}
	for mend := 1; mend <= MostMends; mend++ {
		if mask&mendBit(mend) != 0 {
			w.Mends = append(w.Mends, mend)
		}
	}
	return w
}
