package cause

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// join.miss, where the log holds the key as it was sent: then no row is found at serving, nor by the replay, and both agree.
// It shows by the key alone: written alike on both sides, as it was sent before, it meets the source's rows again.

// Normalisations are the ways in which keys may be written alike, the simplest first.
func Normalisations() []string { return slices.Clone(normalisations) }

// Misses is a join's predictions whose keys meet no row as they are written and would if they were written alike.
type Misses struct {
	Join, Source string
	Keys         []string // prediction columns
	Features     []string
	Counted      bool // cardinality is a condition of the join
	Aged         bool // staleness is
	Days         []MissDay
}

// MissDay counts the predictions of a UTC day.
type MissDay struct {
	Day         time.Time
	Way         string
	Missing     int64 // the source does not hold their key as it is written
	Brought     int64 // it does once both are written alike
	Before      int64 // and other predictions were asked with that key as the source writes it
	Keys        int64 // different keys among those brought back
	First, Last time.Time
}

// MissClaims judges the days of [since, boundary) of joins, of which something reaches into the window from `from` on. Joins
// that miss by the same key in the same way are one claim, about the prediction log.
func MissClaims(all []Misses, since, from, boundary time.Time) []Claim {
	var claims []Claim
	for i := range all {
		if c, ok := all[i].claim(since, from, boundary); ok {
			claims = append(claims, c)
		}
	}
	byWay := map[string][]Claim{}
	for _, c := range claims {
		byWay[c.Hypotheses[0]] = append(byWay[c.Hypotheses[0]], c)
	}
	var out []Claim
	for _, way := range slices.Sorted(maps.Keys(byWay)) {
		group := byWay[way]
		one := group[0]
		key := shared(group)
		for _, c := range group[1:] {
			if key == "" {
				out = append(out, c)
				continue
			}
			one.Sources = withNew(one.Sources, c.Sources)
			one = one.Joined(&c)
		}
		if key != "" && len(one.Sources) > 1 {
			one.Node = "predictions"
			one.Parameters = map[string]any{"normalise": strings.TrimPrefix(way, "normalise "), "key": key}
		}
		out = append(out, one)
	}
	return out
}

// shared is the prediction column that the joins of all claims meet by, "" for none.
func shared(claims []Claim) string {
	for _, key := range claims[0].keys {
		if !slices.ContainsFunc(claims, func(c Claim) bool { return !slices.Contains(c.keys, key) }) {
			return key
		}
	}
	return ""
}

// claim judges one join: the simplest way that brings back as many rows as any.
func (m *Misses) claim(since, from, boundary time.Time) (Claim, bool) {
	brought, before, missing, keys := map[string]int64{}, map[string]int64{}, map[string]int64{}, map[string]int64{}
	reaches := false
	for _, d := range m.Days {
		if d.Day.Before(since) || !d.Day.Before(boundary) {
			continue
		}
		reaches = reaches || !d.Day.Before(from)
		brought[d.Way] += d.Brought
		before[d.Way] += d.Before
		missing[d.Way] += d.Missing
		keys[d.Way] = max(keys[d.Way], d.Keys)
	}
	if !reaches {
		return Claim{}, false
	}
	way := ""
	for _, w := range normalisations {
		if brought[w] > brought[way] {
			way = w
		}
	}
	explains := float64(before[way]) / float64(max(brought[way], 1))
	c := Claim{Cause: Miss, Node: m.Source, Sources: []string{m.Source}, Features: m.Features, Tier: "replayed",
		Parameters: map[string]any{"normalise": way}, Hypotheses: []string{"normalise " + way}, keys: m.Keys, Action: "Keys meet again once both sides are written alike (" + way + "): " + does[Miss] + ".",
		Proof: &Proof{Explains: explains, Rows: brought[way], Distinct: keys[way]}, Strays: true}
	c.Proven = explains >= provenExplains && brought[way] >= provenRows && keys[way] >= provenPieces
	if !c.Proven && (explains < likelyExplains || brought[way] < leastNamed) {
		return Claim{}, false
	}
	c.Evidence = append(c.Evidence, fmt.Sprintf("%s: of %d predictions whose key is not in the source, %d meet rows once %s is written alike on both sides (%s), by %d different keys a day at most; %d of these were asked for by the source's spelling before",
		m.Join, missing[way], brought[way], strings.Join(m.Keys, ", "), way, keys[way], before[way]))
	c.Mend = &Mend{Normalise: way}
	if m.Counted {
		c.Levels = append(c.Levels, Level{m.Join + ".cardinality", "none"})
	}
	if m.Aged {
		c.Levels = append(c.Levels, Level{m.Join + ".staleness", "no row"})
	}
	for _, d := range m.Days {
		if d.Way == way && !d.Day.Before(since) && d.Day.Before(boundary) {
			c.Seen = append(c.Seen, Seen{Day: d.Day, First: d.First, Last: d.Last, Rows: d.Brought})
		}
	}
	return c, true
}
