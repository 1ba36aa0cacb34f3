package attribution

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/plumbline-data/plumbline/engine/fingerprint"
)

// candidate is the listed levels of one node, before anything is known of their cost.
type candidate struct {
	node    string
	levels  []listed
	tier    Tier
	outcome bool
}

// candidates groups listed levels by node, in the order of nodes' names.
func (x *Index) candidates(found []listed) []candidate {
	var all []candidate
	at := map[string]int{}
	for _, l := range found {
		c := &x.conditions[x.levels[l.level].condition]
		i, ok := at[c.Node]
		if !ok {
			i = len(all)
			at[c.Node] = i
			all = append(all, candidate{node: c.Node, tier: Inferred})
		}
		all[i].levels = append(all[i].levels, l)
		all[i].outcome = all[i].outcome || c.Kind == fingerprint.Outcome || c.Node == "outcomes"
		switch {
		case x.standing(l.level) == fingerprint.Disputed:
			all[i].tier = Replayed
		case x.standing(l.level) == fingerprint.Broken && all[i].tier == Inferred:
			all[i].tier = Contract
		}
	}
	slices.SortFunc(all, func(a, b candidate) int { return cmp.Compare(a.node, b.node) })
	return all
}

// Sets of findings that hit a fingerprint. Noise is a fingerprint with levels that are neither nominal nor listed, and no
// listed one: such rows are charged to no finding, and are no controls either.
const (
	clean int32 = iota
	noise
	unknown int32 = -1
)

// hits tells which findings hit a fingerprint: those with a listed level in it.
type hits struct {
	x         *Index
	nominal   []bool
	findingOf []int32 // by level; -1 where not listed
	sets      [][]int // ascending findings
	ids       map[string]int32
	setOf     []int32 // by fingerprint
}

func (x *Index) newHits(nominal []bool, all []candidate) *hits {
	h := &hits{x: x, nominal: nominal, findingOf: make([]int32, len(x.levels)), setOf: make([]int32, x.prints),
		sets: make([][]int, 2), ids: map[string]int32{}}
	for i := range h.findingOf {
		h.findingOf[i] = -1
	}
	for i := range h.setOf {
		h.setOf[i] = unknown
	}
	for f, c := range all {
		for _, l := range c.levels {
			h.findingOf[l.level] = int32(f)
		}
	}
	return h
}

// of gives the set of a fingerprint.
func (h *hits) of(print int32) int32 {
	if h.setOf[print] == unknown {
		h.setOf[print] = h.find(print)
	}
	return h.setOf[print]
}

func (h *hits) find(print int32) int32 {
	var set []int
	nominal := true
	for _, l := range h.x.levelsOf(print) {
		if h.nominal[l] {
			continue
		}
		nominal = false
		if f := int(h.findingOf[l]); f >= 0 && !slices.Contains(set, f) {
			set = append(set, f)
		}
	}
	switch {
	case nominal:
		return clean
	case set == nil:
		return noise
	}
	slices.Sort(set)
	name := fmt.Sprint(set)
	id, ok := h.ids[name]
	if !ok {
		id = int32(len(h.sets))
		h.sets = append(h.sets, set)
		h.ids[name] = id
	}
	return id
}
