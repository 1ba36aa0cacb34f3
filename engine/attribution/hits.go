package attribution

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/plumbline-data/plumbline/engine/fingerprint"
)

// candidate is what one finding is about, before anything is known of its cost: the listed levels of one node under one
// cause, or all predictions of some days.
type candidate struct {
	node    string
	cause   string
	claim   int // index into Question.Claims; -1: no cause was found
	levels  []listed
	own     []int32   // of a claim: levels that it names itself
	beside  []listed  // of a claim without levels: those that followed from it
	spans   []DaySpan // of a claim without levels
	mend    int       // what puts its rows right that no replay contradicts; 0: nothing
	tier    Tier
	outcome bool
	proven  bool
}

// candidates makes one of each claim, and groups the other listed levels by node; in the order of nodes' names and causes.
func (x *Index) candidates(claims []Claim, found []listed, window []int, in *census) []candidate {
	all, rest := x.claimed(claims, found, window, in)
	at := map[string]int{}
	for _, l := range rest {
		c := &x.conditions[x.levels[l.level].condition]
		i, ok := at[c.Node]
		if !ok {
			i = len(all)
			at[c.Node] = i
			all = append(all, candidate{node: c.Node, claim: -1, tier: Inferred})
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
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.cause, b.cause)) })
	return all
}

// Sets of findings that hit a fingerprint. Noise is a fingerprint with levels that are neither nominal nor listed, and no
// listed one: such rows are charged to no finding, and are no controls either.
const (
	clean int32 = iota
	noise
	unknown int32 = -1
)

// hits tells which findings hit a fingerprint on a day: those with a listed level in it, and those that hit all of the day.
type hits struct {
	x         *Index
	nominal   []bool
	findingOf []int32 // by level; -1 where not listed
	sets      [][]int // ascending findings
	ids       map[string]int32
	setOf     []int32 // by fingerprint, on days that no finding hits as a whole
	whole     []dayRange
	onDays    map[dayPrint]int32
	own       [][]int32 // by finding: the levels that its days are told by; nil: all of its levels
	outcome   []bool    // by finding: it is about the outcomes
	repaired  []bool    // by finding: the values that it disputes are put right, or it is mended
	mends     []int     // by finding: as its claim has it; 0: none
	plays     map[dayPrint]play
}

// dayRange is a finding that hits all predictions of some days.
type dayRange struct {
	finding int
	DaySpan
}

type dayPrint struct {
	day   Day
	print int32
}

func (x *Index) newHits(nominal []bool, all []candidate) *hits {
	h := &hits{x: x, nominal: slices.Clone(nominal), findingOf: make([]int32, len(x.levels)), setOf: make([]int32, x.prints),
		sets: make([][]int, 2), ids: map[string]int32{}, onDays: map[dayPrint]int32{}, plays: map[dayPrint]play{}}
	for i := range h.findingOf {
		h.findingOf[i] = -1
	}
	for i := range h.setOf {
		h.setOf[i] = unknown
	}
	for f, c := range all {
		h.own = append(h.own, c.own)
		h.outcome = append(h.outcome, c.outcome)
		h.mends = append(h.mends, c.mend)
		h.repaired = append(h.repaired, c.mend > 0 || x.repairable(&c))
		// A claim's levels are its own, be they as common before or without anything before; those beside one that was not are the day's.
		if !slices.ContainsFunc(c.own, func(l int32) bool { return !nominal[l] }) {
			for _, l := range c.own {
				h.nominal[l] = false
			}
		}
		for _, l := range c.levels {
			h.findingOf[l.level] = int32(f)
		}
		if len(c.levels) == 0 {
			for _, s := range c.spans {
				h.whole = append(h.whole, dayRange{f, s})
			}
		}
	}
	return h
}

// of gives the set of a fingerprint on a day.
func (h *hits) of(day Day, print int32) int32 {
	var all []int
	for _, w := range h.whole {
		if day >= w.From && day < w.To && !slices.Contains(all, w.finding) {
			all = append(all, w.finding)
		}
	}
	if all == nil {
		if h.setOf[print] == unknown {
			h.setOf[print] = h.find(print, nil)
		}
		return h.setOf[print]
	}
	id, ok := h.onDays[dayPrint{day, print}]
	if !ok {
		id = h.find(print, all)
		h.onDays[dayPrint{day, print}] = id
	}
	return id
}

// find works out the set of a fingerprint, with findings that hit it whatever its levels.
func (h *hits) find(print int32, set []int) int32 {
	nominal := set == nil
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

// bears tells whether a fingerprint that a finding hits is one by which its days are told: what was only noticed beside a
// cause does not say since when it lasts.
func (h *hits) bears(f int, print int32) bool {
	return h.own[f] == nil || slices.ContainsFunc(h.x.levelsOf(print), func(l int32) bool { return slices.Contains(h.own[f], l) })
}
