package cause

import (
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
)

const (
	provenExplains = 0.9 // of the counted rows
	provenKappa    = 0.8 // beyond chance
	provenChance   = 0.6 // chance at most: where it gives as much as every other row, hitting all says little
	provenRows     = 30
	provenPieces   = 10
	provenRight    = 0.9 // of the rows on which it and the runner-up differ
	likelyExplains = 0.5
	likelyKappa    = 0.4
	likelyAlone    = 0.5 // of what several hypotheses of the cause reproduce, by the best of them: a lag of its own for each key is no lag
	// rivalling is the share of a hypothesis' hits from which another is a runner-up.
	rivalling = 0.5
	// spanFloor is the share of its largest day from which a day belongs to a hypothesis.
	spanFloor = 0.05
)

// standing is how far the hypotheses of one cause account for the rows of a source.
type standing struct {
	Proof
	proven, likely bool
	features       []string         // sorted: those of whose rows it reproduces half
	hitsOf         map[string]int64 // by feature
	countedOf      map[string]int64
	alike          []*Hypothesis // others that never differ from it
	next           *Hypothesis   // the runner-up
	doubt          string        // why it is not proven, "" for nothing
	part           bool          // it spares rows that it would change
	within         []bool        // by day of the pool: whether it lies between the first and the last on which the set stands
}

// stand works the evidence out for a set of hypotheses of one cause, beside the other chosen ones. What one of those before it
// reproduces, which reproduce more, is no evidence for the set: of a store that froze at the default, a part looks like no row at all.
func (p *pool) stand(set, before, others []int) standing {
	within := p.span(set)
	s := standing{hitsOf: map[string]int64{}, countedOf: map[string]int64{}, within: within}
	for k, d := range p.days {
		if within[k] {
			hits, counted := p.count(k, set, before, others)
			s.hitsOf[d.Feature] += hits
			s.countedOf[d.Feature] += counted
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.hitsOf)) {
		if 2*s.hitsOf[name] >= s.countedOf[name] && s.hitsOf[name] > 0 {
			s.features = append(s.features, name)
		}
	}
	var hits, lucky float64
	luckyOf := map[string]float64{}
	pieces := map[string]*evidence{} // by feature
	for k, d := range p.days {
		if !within[k] || !slices.Contains(s.features, d.Feature) {
			continue
		}
		h, c := p.count(k, set, before, others)
		hits += float64(h)
		s.Rows += c
		share := p.chance(k, set)
		lucky += share * float64(c)
		luckyOf[d.Feature] += share * float64(c)
		if pieces[d.Feature] == nil {
			pieces[d.Feature] = &evidence{timeless: d.Timeless}
		}
		for _, n := range set {
			if i := p.all[n].of[k]; i >= 0 {
				pieces[d.Feature].pieces = append(pieces[d.Feature].pieces, d.Finalists[i].Pieces)
			}
		}
	}
	for _, of := range pieces {
		s.Distinct = max(s.Distinct, of.different()) // features share the rows of the source
	}
	if s.Rows == 0 {
		return s
	}
	s.Explains, s.Chance = hits/float64(s.Rows), lucky/float64(s.Rows)
	right := p.runnerUp(set, before, others, &s)
	kappa := 0.0
	if s.Chance < 1 {
		kappa = (s.Explains - s.Chance) / (1 - s.Chance)
	}
	short := s.short(s.telling(luckyOf), kappa, right)
	s.proven = short == ""
	choosy, sure := p.choosy(set, within, &s)
	if choosy && !p.scaled(set) && !p.unmistakable(set, &s) {
		s.proven = false
		return s
	}
	alone := p.alone(set, within, &s)
	if s.doubt = p.doubt(set, alone, &s); s.doubt == "" && !sure {
		s.doubt = "it strikes a part of the rows that it would change, and what tells them apart does not show: too few come of one row of the source"
	}
	s.proven = s.proven && s.doubt == ""
	if s.doubt == "" {
		s.doubt = short
	}
	s.likely = s.Explains >= likelyExplains && kappa >= likelyKappa && (len(set) == 1 || s.Distinct >= piecesEach*int64(len(set))) && (alone >= provenExplains || alone > likelyAlone && p.alikeClocks(set))
	return s
}

// piecesEach is how many pieces of evidence each of several hypotheses must have on average: six constants that were fitted to three
// pieces are a list of what was served.
const piecesEach = 2

// alikeClocks tells whether a set reads its source by clocks of one kind: a store that froze on some rows, lags on others and is
// refreshed on yet others is none of these.
func (p *pool) alikeClocks(set []int) bool {
	return !slices.ContainsFunc(set, func(n int) bool { return p.all[n].Instant.Clock != p.all[set[0]].Instant.Clock })
}

// short says what the evidence lacks to be a proof, "" for nothing: right is on which share of the rows it is right where it and the
// runner-up part.
func (s *standing) short(telling bool, kappa, right float64) string {
	switch {
	case s.Rows < provenRows:
		return fmt.Sprintf("%d rows are too few: %d are asked for", s.Rows, provenRows)
	case s.Distinct < provenPieces:
		return fmt.Sprintf("%d pieces of evidence are too few: %d are asked for", s.Distinct, provenPieces)
	case s.Explains < provenExplains:
		return fmt.Sprintf("it gives less than %s of them", percent(provenExplains))
	case !telling:
		return fmt.Sprintf("of each feature chance alone would give more than %s", percent(provenChance))
	case kappa < provenKappa:
		return fmt.Sprintf("it is less than %s of the way from chance to all", percent(provenKappa))
	case right < provenRight:
		return fmt.Sprintf("where it and the next best part, it is right on less than %s of the rows", percent(provenRight))
	}
	return ""
}

// doubt says what of another cause gives the same as the set on every row, where nothing makes the set the likelier of the two:
// "" for nothing. A constant that was served is one of several things that make a source give one value always: a window that
// was moved to where no row is counts none. Alone is what the method of that name gives.
func (p *pool) doubt(set []int, alone float64, s *standing) string {
	if alone < provenExplains {
		return fmt.Sprintf("none of them gives more than %s of it: what is one thing on one row and another on the next may be something else", percent(alone))
	}
	for _, n := range set {
		h := p.all[n].Hypothesis
		if h.Doubt != "" {
			return h.Doubt
		}
		if h.Making.Made != Constant && !h.Vacant {
			continue
		}
		for _, other := range s.alike {
			if other.Cause != h.Cause && other.Making.Made == AsFound {
				return fmt.Sprintf("%q gives the same on every row: the data cannot tell", other.Key)
			}
		}
	}
	return ""
}

const (
	sparedShare = 0.1 // of the rows that it would change, spared: fewer are stragglers
	fewSpared   = 10  // rows, or pieces of evidence that should hold both struck and spared rows
	valuesApart = 0.5 // how far the declared values of struck and spared rows may lie apart
	mixing      = 0.3 // of the pieces that should hold both, those that do at least
	// beyondShare is the share of spared values beyond all struck ones on one side, beyondLogs minus the logarithm of the chance of that, from which
	// the struck ones end at a value.
	beyondShare = 0.1
	beyondLogs  = 14
)

// telling tells whether one of the features at least has values that chance would hit on few of its rows.
func (s *standing) telling(luckyOf map[string]float64) bool {
	return slices.ContainsFunc(s.features, func(f string) bool {
		return s.countedOf[f] >= provenRows && luckyOf[f] <= provenChance*float64(s.countedOf[f])
	})
}

// choosy tells whether the set strikes some rows and spares others where that is no accident of routing. A part of the requests may
// have gone through a broken pipe, and then it strikes whatever the values are. What strikes low values alone, or each row of the
// source always or never, is another thing than the set says, but for scaled ones: values cut off, rows lost, codes lumped together. Sure is false where
// too few rows could tell whether it is rows of the source that are lost.
func (p *pool) choosy(set []int, within []bool, s *standing) (choosy, sure bool) {
	var struck, spared, apart, weight, mixed, due float64
	var below, above beyond
	for k, d := range p.days {
		if !within[k] || !slices.Contains(s.features, d.Feature) {
			continue
		}
		for _, n := range set {
			if i := p.all[n].of[k]; i >= 0 {
				f := &d.Finalists[i]
				w := min(f.Struck, f.Spared)
				struck, spared, apart, weight = struck+f.Struck, spared+f.Spared, apart+w*f.Apart, weight+w
				mixed, due = mixed+f.Mixed, due+f.Due
				below.add(f.Below, f.Struck, w)
				above.add(f.Above, f.Struck, w)
			}
		}
	}
	if spared < fewSpared || spared < sparedShare*(struck+spared) {
		return false, true
	}
	s.part = true
	byValue := apart >= valuesApart*weight || below.ends(weight) || above.ends(weight)
	return byValue || due >= fewSpared && mixed < mixing*due, due >= fewSpared || !p.vacant(set)
}

// beyond adds up which share of the spared values lie beyond all struck ones, and how little likely that is: drawn row by row, of so many struck
// rows none would lie there.
type beyond struct{ shares, logs float64 }

func (b *beyond) add(share, struck, weight float64) {
	b.shares += weight * share
	b.logs -= struck * math.Log1p(-min(share, 0.999))
}

// ends tells whether the struck values end where others go on.
func (b *beyond) ends(weight float64) bool {
	return b.shares >= beyondShare*weight && b.logs >= beyondLogs
}

// scaled tells whether a set gives what is declared in another unit, or another positive multiple of it: then it does not matter which
// rows it strikes. No value cut off and no row lost makes the same multiple of different values; a line that is fitted with a constant,
// or a sign that turns, is what a tariff or an absolute value makes.
func (p *pool) scaled(set []int) bool {
	return !slices.ContainsFunc(set, func(n int) bool {
		h := &p.all[n]
		unit, _ := h.Parameters["unit"].(string)
		return h.Cause != Remapped && h.Cause != FanOut || h.Making.Made != Linear || h.Making.Factor == 1 || h.Making.Factor <= 0 || h.Making.Plus != 0 && unit == ""
	})
}

const (
	exactExplains = 0.95 // of the rows, for a reading that gives each of them to be what was read
	exactChance   = 0.2
)

// unmistakable tells whether a set is readings of the source, each value as it is found or an aggregate of other rows, or roundings, that
// give nearly every row what was served where chance would give few: then it does not matter either which rows were read so. Rows that are
// lost, and values that are cut off, come to no such thing; a constant or a map may.
func (p *pool) unmistakable(set []int, s *standing) bool {
	if s.Explains < exactExplains || s.Chance > exactChance || !s.proven {
		return false
	}
	return !slices.ContainsFunc(set, func(n int) bool {
		h := &p.all[n]
		switch h.Cause {
		case Window, Stale, ZoneShift, Cutoff, Future, Logic, Definition, ColumnDropped:
			return !slices.Contains([]Made{AsFound, Rows, Values, Total, Mean, MeanZero, Rounded, Floored}, h.Making.Made)
		}
		return true
	})
}

// vacant tells whether one of the set serves nothing, or one value always: what rows lost from the source come to as well.
func (p *pool) vacant(set []int) bool {
	return slices.ContainsFunc(set, func(n int) bool {
		switch p.all[n].Making.Made {
		case Nothing, Dropped, Constant:
			return true
		}
		return false
	})
}

// share is which share the set reproduces of all rows of its features that differ, on its days, and that none of proven reproduces.
// Several causes of which each fits some rows and none fits most are what chance leaves of another one; and what serves one value
// always has served none of the others.
func (p *pool) share(set, proven []int, s *standing) float64 {
	var all, hits int64
	for k, pattern := range p.rows(s) {
		hit, _ := p.hits(set, k, pattern)
		if taken, _ := p.hits(proven, k, pattern); taken && !hit {
			continue
		}
		all += pattern.Rows
		if hit {
			hits += pattern.Rows
		}
	}
	if all == 0 {
		return 0
	}
	return float64(hits) / float64(all)
}

// rows gives the patterns of a standing's features on its days, each with its day of the pool.
func (p *pool) rows(s *standing) iter.Seq2[int, *Pattern] {
	return func(yield func(int, *Pattern) bool) {
		for k, d := range p.days {
			if !s.within[k] || !slices.Contains(s.features, d.Feature) {
				continue
			}
			for j := range d.Patterns {
				if !yield(k, &d.Patterns[j]) {
					return
				}
			}
		}
	}
}

// alone is which share of what the set reproduces of its features the best of each feature does, or of each feature and day where a
// clock or a store may have been put off anew. A fan-out multiplies by as often as the other side holds the key, each key by another
// number; and where event times are written by the clock of each place, each place has its own offset.
func (p *pool) alone(set []int, within []bool, s *standing) float64 {
	name := p.all[set[0]].named()
	if len(set) == 1 || name == FanOut || p.local(set) {
		return 1
	}
	type of struct {
		feature string
		day     int64
	}
	hits := map[of]map[int]int64{}
	var all, best int64
	for k, d := range p.days {
		if !within[k] || !slices.Contains(s.features, d.Feature) {
			continue
		}
		key := of{feature: d.Feature}
		if name == ZoneShift || name == Stale {
			key.day = dayNumber(d.Day)
		}
		if hits[key] == nil {
			hits[key] = map[int]int64{}
		}
		sum, _ := p.count(k, set, nil, nil)
		all += sum
		for _, n := range set {
			one, _ := p.count(k, []int{n}, nil, nil)
			hits[key][n] += one
		}
	}
	for _, of := range hits {
		var most int64
		for _, n := range of {
			most = max(most, n)
		}
		best += most
	}
	if all == 0 {
		return 1
	}
	return float64(best) / float64(all)
}

// local tells whether each of a set reads event times off by an offset that clocks have, and no lag gives the same.
func (p *pool) local(set []int) bool {
	return !slices.ContainsFunc(set, func(n int) bool {
		h := p.all[n].Hypothesis
		return !h.Clocked || !onClocks(h.Reading.Shift)
	})
}

// span tells by day of the pool whether it lies between the first and the last on which the set reproduces a fair share.
func (p *pool) span(set []int) []bool {
	hits := make([]int64, len(p.days))
	most := int64(0)
	for k := range p.days {
		hits[k], _ = p.count(k, set, nil, nil)
		most = max(most, hits[k])
	}
	first, last := int64(1<<62), int64(-1<<62)
	for k, d := range p.days {
		if hits[k] > 0 && float64(hits[k]) >= spanFloor*float64(most) {
			first, last = min(first, dayNumber(d.Day)), max(last, dayNumber(d.Day))
		}
	}
	within := make([]bool, len(p.days))
	for k, d := range p.days {
		within[k] = dayNumber(d.Day) >= first && dayNumber(d.Day) <= last
	}
	return within
}

// count gives the rows of day k that the set reproduces and counts, leaving out those that one of before reproduces, and those that only
// others do.
func (p *pool) count(k int, set, before, others []int) (hits, counted int64) {
	for j := range p.days[k].Patterns {
		pattern := &p.days[k].Patterns[j]
		if taken, _ := p.hits(before, k, pattern); taken {
			continue
		}
		hit, counts := p.hits(set, k, pattern)
		if !hit && len(others) > 0 {
			if other, _ := p.hits(others, k, pattern); other {
				continue
			}
		}
		if hit {
			hits += pattern.Rows
		}
		if counts || hit {
			counted += pattern.Rows
		}
	}
	return hits, counted
}

// chance is the share of day k's counted rows that the set would reproduce by chance, at most 1.
func (p *pool) chance(k int, set []int) (share float64) {
	known := false
	for _, n := range set {
		i := p.all[n].of[k]
		if i < 0 {
			continue
		}
		if lucky, of := p.days[k].Finalists[i].chance(); of > 0 {
			known = true
			share += lucky / of
		}
	}
	if !known {
		return 1
	}
	return min(share, 1)
}

// runnerUp finds the next best hypothesis of another kind, and gives the least share of rows on which the set is right where it
// and a rival differ; 1 without rivals. Rivals that never differ are alike.
func (p *pool) runnerUp(set, before, others []int, s *standing) float64 {
	worst := 1.0
	for n := range p.all {
		if slices.Contains(set, n) || slices.Contains(others, n) {
			continue
		}
		var both, mine, its, more int64 // more: rows that the set does not count
		for k, pattern := range p.rows(s) {
			hit, counted := p.hits(set, k, pattern)
			other, _ := p.hits([]int{n}, k, pattern)
			if taken, _ := p.hits(others, k, pattern); taken && !hit {
				continue
			}
			if taken, _ := p.hits(before, k, pattern); taken {
				continue
			}
			switch {
			case hit && other:
				both += pattern.Rows
			case hit:
				mine += pattern.Rows
			case other:
				its += pattern.Rows
				if !counted {
					more += pattern.Rows
				}
			}
		}
		if mine+its == 0 {
			if both > 0 {
				s.alike = append(s.alike, p.all[n].Hypothesis)
			}
			continue
		}
		if share := float64(both+its) / float64(s.Rows+more); share > s.RunnerUp || s.next != nil && share == s.RunnerUp && simpler(p.all[n].Hypothesis, s.next) {
			s.RunnerUp, s.next = share, p.all[n].Hypothesis
		}
		if float64(both+its) >= rivalling*float64(both+mine) {
			worst = min(worst, float64(mine)/float64(mine+its))
		}
	}
	slices.SortFunc(s.alike, Simpler)
	return worst
}
