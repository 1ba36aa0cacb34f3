package cause

import (
	"cmp"
	"slices"
	"time"
)

// pool is the trials of one source's features over some days, with the hypotheses that were finalists on any of them.
type pool struct {
	days []*TrialDay
	all  []pooled
}

// pooled is one hypothesis over the days. It may be another finalist on each: the lag that the day's rows bound, the offset
// that a zone has on the day.
type pooled struct {
	*Hypothesis
	of []int // by day of the pool: which finalist, -1 for none
}

func newPool(days []*TrialDay) *pool {
	p := &pool{days: days}
	at := map[string]int{}
	for k, d := range days {
		for i := range d.Finalists {
			h := d.Finalists[i].Hypothesis
			if h.Low != h.High {
				continue // bounded by the day's rows: grouped below
			}
			n, ok := at[h.Key]
			if h.Making.Made == Mapped {
				n, ok = p.sameMap(h)
			}
			if !ok {
				n = p.add(h)
				at[h.Key] = n
			}
			p.all[n].of[k] = i
		}
	}
	for _, group := range []struct {
		cause  Name
		frozen bool
	}{{Stale, false}, {Stale, true}, {Future, false}} {
		for _, aged := range []bool{false, true} {
			taken := make([]uint64, len(p.days))
			for range mostGroups {
				p.group(taken, group.frozen, func(h *Hypothesis) bool {
					return h.Low != h.High && h.Cause == group.cause && (h.Instant.Clock == Frozen) == group.frozen && h.Instant.Aged == aged
				})
			}
		}
	}
	p.zones()
	return p
}

// sameMap finds the map of a feature that a day's map agrees with, and widens it by what the day's knows more: codes that are rare
// are not fitted on every day. A map that is another one every day is no map.
func (p *pool) sameMap(h *Hypothesis) (int, bool) {
	for n := range p.all {
		if p.all[n].Key != h.Key {
			continue
		}
		if merged, ok := p.all[n].Making.merged(&h.Making); ok {
			wider := *p.all[n].Hypothesis
			wider.Making, wider.Parameters = merged, map[string]any{"map": merged.shown()}
			p.all[n].Hypothesis = &wider
			return n, true
		}
	}
	return 0, false
}

// merged is two maps as one; false where they contradict each other, or together are no bijection.
func (m *Making) merged(o *Making) (Making, bool) {
	out := Making{Made: Mapped, From: slices.Clone(m.From), To: slices.Clone(m.To)}
	for i, from := range o.From {
		switch at := slices.Index(out.From, from); {
		case at >= 0 && out.To[at] != o.To[i], at < 0 && slices.Contains(out.To, o.To[i]):
			return out, false
		case at < 0:
			out.From, out.To = append(out.From, from), append(out.To, o.To[i])
		}
	}
	return out, true
}

// shown is a map as parameters tell it.
func (m *Making) shown() map[string]any {
	shown := map[string]any{}
	for i, from := range m.From {
		shown[from] = m.To[i]
	}
	return shown
}

// add gives a hypothesis a place, with no finalist yet.
func (p *pool) add(h *Hypothesis) int {
	of := make([]int, len(p.days))
	for k := range of {
		of[k] = -1
	}
	p.all = append(p.all, pooled{h, of})
	return len(p.all) - 1
}

// mostGroups is how many lags, or frozen instants, a source may have at once.
const mostGroups = 3

// group joins the days' hypotheses about one parameter: it takes the value that the most rows allow, on the days that allow it. Taken
// are those of the groups before, as bits by day: what gives mostly the same rows is no other value of the parameter but a
// neighbour of theirs.
func (p *pool) group(taken []uint64, frozen bool, belongs func(*Hypothesis) bool) {
	var edges []edge
	other := func(k, i int) bool {
		hits, _ := p.days[k].left(i, 0)
		left, _ := p.days[k].left(i, taken[k])
		return belongs(p.days[k].Finalists[i].Hypothesis) && 2*left >= hits
	}
	for k, d := range p.days {
		for i := range d.Finalists {
			if h := d.Finalists[i].Hypothesis; other(k, i) {
				if hits, _ := d.left(i, 0); hits > 0 {
					edges = append(edges, edge{h.Low, k, hits}, edge{h.High, k, -hits})
				}
			}
		}
	}
	if len(edges) == 0 {
		return
	}
	low, high := mostAllowed(edges, len(p.days), frozen)
	n, found := -1, map[int]int{}
	for k, d := range p.days {
		best, bestHits := -1, int64(0)
		for i := range d.Finalists {
			h := d.Finalists[i].Hypothesis
			if !other(k, i) || h.Low > low || h.High < high {
				continue
			}
			if hits, _ := d.left(i, 0); hits > bestHits {
				best, bestHits = i, hits
			}
		}
		if best < 0 {
			continue
		}
		if n < 0 {
			n = p.add(d.Finalists[best].bounded(low, high))
		}
		p.all[n].of[k] = best
		found[k] = best
	}
	for k, i := range found {
		taken[k] |= 1 << i
	}
}

// edge is where the stretch begins in which a finalist of day k may have its parameter, or, with its hits below 0, where it ends.
type edge struct {
	at   int64
	k    int
	hits int64
}

// mostAllowed is the stretch between two edges in which the finalists of all days together reproduce the most rows, the best of each
// day: of several the one with the roundest number in it, else the first. Of instants at which a store may have frozen it is the last: until then
// it was served as declared.
func mostAllowed(edges []edge, days int, last bool) (low, high int64) {
	slices.SortFunc(edges, func(a, b edge) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.hits, b.hits), cmp.Compare(a.k, b.k))
	})
	open := make([][]int64, days) // hits of the stretches that one is in
	best := make([]int64, days)
	var sum, most, round int64
	for i, e := range edges {
		if e.hits > 0 {
			open[e.k] = append(open[e.k], e.hits)
		} else {
			at := slices.Index(open[e.k], -e.hits)
			open[e.k] = slices.Delete(open[e.k], at, at+1)
		}
		sum -= best[e.k]
		best[e.k] = 0
		for _, hits := range open[e.k] {
			best[e.k] = max(best[e.k], hits)
		}
		sum += best[e.k]
		if i+1 == len(edges) || edges[i+1].at == e.at || sum < most || sum == 0 {
			continue
		}
		if unit := roundness(roundest(e.at, edges[i+1].at)); sum > most || last || unit > round {
			most, round, low, high = sum, unit, e.at, edges[i+1].at
		}
	}
	return low, high
}

// bounded is the hypothesis with the roundest parameter in [low, high).
func (h *Hypothesis) bounded(low, high int64) *Hypothesis {
	made := StaleFrom(&Feature{}, []Implied{{Frozen: h.Instant.Clock == Frozen, Low: low, High: high}})
	if len(made) == 0 {
		return h
	}
	out := *h
	if h.Instant.Aged {
		made[0].Key += aged
		made[0].Rank++ // as both has it
	}
	out.Rank, out.Key, out.Parameters, out.Low, out.High = made[0].Rank, made[0].Key, made[0].Parameters, low, high
	out.Instant.By, out.Instant.At = made[0].Instant.By, made[0].Instant.At
	return &out
}

// zones adds, for each zone whose offset changed between the days, the hypothesis that follows it: that event times, or the
// instant of asking, were read on its clock.
func (p *pool) zones() {
	ways := []struct {
		key  string
		fits func(h *Hypothesis, zone string, off time.Duration) bool
	}{
		{"event times of ", func(h *Hypothesis, zone string, off time.Duration) bool {
			return h.Reading.Zone == zone || h.Reading.Zone == "" && h.Reading.Shift == off && h.Cause == ZoneShift && h.Instant.Clock == Shifted
		}},
		{"clock of ", func(h *Hypothesis, zone string, off time.Duration) bool {
			return h.Instant.Clock == Local && h.Instant.Zone == zone || h.shifted() && h.Low <= off.Microseconds() && off.Microseconds() < h.High
		}},
		{"clock back from ", func(h *Hypothesis, zone string, off time.Duration) bool {
			return h.Instant.Clock == LocalBack && h.Instant.Zone == zone || h.shifted() && h.Low <= -off.Microseconds() && -off.Microseconds() < h.High
		}},
	}
	for _, name := range zones {
		zone, err := time.LoadLocation(name)
		if err != nil {
			continue
		}
		for _, way := range ways {
			h := &Hypothesis{Cause: ZoneShift, Key: way.key + name, Rank: 17}
			one := pooled{h, make([]int, len(p.days))}
			var offsets []time.Duration // in the order of days
			for k, d := range p.days {
				one.of[k] = -1
				off := offsetAt(zone, d.Day.Add(12*time.Hour))
				most := int64(0)
				for i := range d.Finalists {
					if f := d.Finalists[i].Hypothesis; way.fits(f, name, off) {
						if hits, _ := d.left(i, 0); hits > most {
							one.of[k], most = i, hits
						}
					}
				}
				if one.of[k] >= 0 && !slices.Contains(offsets, off) {
					offsets = append(offsets, off)
				}
			}
			if len(offsets) < 2 {
				continue
			}
			var texts []string
			for _, off := range offsets {
				texts = append(texts, offset(off))
			}
			slices.Sort(texts)
			h.Parameters = map[string]any{"offsets": texts, "zones": []string{name}}
			p.replace(one)
		}
	}
}

// shifted tells a lag or a look ahead.
func (h *Hypothesis) shifted() bool { return h.Low != h.High && h.Instant.Clock == Shifted }

// replace adds a hypothesis in the place of another under its key.
func (p *pool) replace(one pooled) {
	for n := range p.all {
		if p.all[n].Key == one.Key {
			p.all[n] = one
			return
		}
	}
	p.all = append(p.all, one)
}

// hits tells whether one of the hypotheses reproduces a pattern's rows on day k, and whether it counts them; a hypothesis that
// was no finalist counts all rows and reproduces none.
func (p *pool) hits(set []int, k int, pattern *Pattern) (hit, counted bool) {
	for _, n := range set {
		i := p.all[n].of[k]
		if i < 0 {
			counted = true
			continue
		}
		hit = hit || pattern.Hits>>i&1 == 1
		counted = counted || pattern.Counted>>i&1 == 1
	}
	return hit, counted
}

// choose gives the hypotheses that the pool's rows are shared among, as Choose does for a day.
func (p *pool) choose() []int {
	var chosen []int
	var total int64
	for _, d := range p.days {
		for _, pattern := range d.Patterns {
			total += pattern.Rows
		}
	}
	for len(chosen) < mostChosen {
		best, most := -1, int64(0)
		for n := range p.all {
			hits := p.above(n, chosen)
			if hits < most || hits == 0 || hits < leastNamed && hits < total {
				continue
			}
			if hits > most || simpler(p.all[n].Hypothesis, p.all[best].Hypothesis) {
				best, most = n, hits
			}
		}
		if best < 0 {
			break
		}
		chosen = append(chosen, best)
	}
	return p.lean(chosen)
}

// lean leaves out each hypothesis all of whose rows another of the chosen reproduces too, or those of another cause together do, beside
// more of their own: a window moved so far that it holds no row looks on its own like a join that misses, and one fault is simpler
// than two.
func (p *pool) lean(chosen []int) []int {
	byCause := map[Name][]int{}
	for _, n := range chosen {
		byCause[p.all[n].named()] = append(byCause[p.all[n].named()], n)
	}
	covers := func(set []int, n int) bool {
		mine, both, others := p.shared(n, set)
		return both >= covered*mine && others > mine
	}
	return slices.DeleteFunc(slices.Clone(chosen), func(n int) bool {
		for name, set := range byCause {
			if name != p.all[n].named() && covers(set, n) {
				return true
			}
		}
		return slices.ContainsFunc(chosen, func(other int) bool { return other != n && covers([]int{other}, n) })
	})
}

// covered is which share of a hypothesis' rows others must reproduce to stand for it.
const covered = 0.999

// shared counts the rows that hypothesis n reproduces, that both it and one of a set do, and that one of the set does.
func (p *pool) shared(n int, set []int) (mine, both, others float64) {
	for k, d := range p.days {
		for j := range d.Patterns {
			pattern := &d.Patterns[j]
			a, _ := p.hits([]int{n}, k, pattern)
			b, _ := p.hits(set, k, pattern)
			if a {
				mine += float64(pattern.Rows)
			}
			if b {
				others += float64(pattern.Rows)
			}
			if a && b {
				both += float64(pattern.Rows)
			}
		}
	}
	return mine, both, others
}

// above counts the rows that hypothesis n reproduces and none of taken does, on the days on which they are more than chance. Days of a
// feature on each of which they are too few to tell are taken together: a few rows a day, all of them right, are more than chance in a week.
func (p *pool) above(n int, taken []int) (sum int64) {
	together := map[string]*odds{}
	for k, d := range p.days {
		i := p.all[n].of[k]
		if i < 0 {
			continue
		}
		hits, counted := d.left(i, p.mask(taken, k))
		switch f := &d.Finalists[i]; {
		case hits == 0 && counted == 0:
		case hits > 0 && f.exceeds(hits, counted):
			sum += hits
		case f.evident():
			if together[d.Feature] == nil {
				together[d.Feature] = &odds{}
			}
			together[d.Feature].add(f, hits, counted)
		}
	}
	for _, o := range together {
		if o.exceeded() {
			sum += o.hits
		}
	}
	return sum
}

// mask has the bit of each hypothesis of a set among the finalists of day k.
func (p *pool) mask(set []int, k int) (mask uint64) {
	for _, n := range set {
		if i := p.all[n].of[k]; i >= 0 {
			mask |= 1 << i
		}
	}
	return mask
}
