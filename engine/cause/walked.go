package cause

// Walked is the history of a source with what each of its days says beside the days before it, worked out once: whoever judges at
// many boundaries cuts it at each. What is said of a day depends on days before it only, so that what a walk over the whole
// says of the days before a boundary is what a walk over those would say.
type Walked struct {
	*SourceHistory
	breaks  breaks
	rests   []rest
	cadence []rhythm // before each day, and after the last
	newest  []Silence
	keys    []walkedColumn
}

// walkedColumn is the same of the keys of a KeyColumn.
type walkedColumn struct {
	column string
	keys   []*walkedKey
}

type walkedKey struct {
	*Walked
	key   string
	asked []Asked
}

// Walk goes over a history's days, which must not change afterwards, and those of its keys.
func Walk(s *SourceHistory) *Walked {
	w := walked(s)
	for i := range s.Keys {
		c := walkedColumn{column: s.Keys[i].Column}
		for j := range s.Keys[i].Keys {
			k := &s.Keys[i].Keys[j]
			c.keys = append(c.keys, &walkedKey{walked(&k.SourceHistory), k.Key, k.Asked})
		}
		w.keys = append(w.keys, c)
	}
	return w
}

func walked(s *SourceHistory) *Walked {
	w := &Walked{SourceHistory: s, breaks: breaksOf(s)}
	w.walkWaits()
	return w
}

// knownFor gives the keys whose first news came so many days before a boundary.
func (c *walkedColumn) knownFor(days, boundary Day) []*walkedKey {
	var known []*walkedKey
	for _, k := range c.keys {
		if len(k.Days) > 0 && k.Days[0].Day+days <= boundary {
			known = append(known, k)
		}
	}
	return known
}

// breaks is the runs of days that break with their past, by value.
type breaks struct {
	nulls, codes     [][]run
	scale            []scales
	units            [][]unitRun
	thinned, doubled []run
	usual            map[int]float64 // rows that a day in a run of thinned should have brought
}

func breaksOf(s *SourceHistory) breaks {
	n := len(s.Values)
	b := breaks{nulls: make([][]run, n), codes: make([][]run, n), scale: make([]scales, n), units: s.unitRuns()}
	for v := range s.Values {
		b.nulls[v] = nullRuns(s, v)
		if s.Values[v].Number {
			b.scale[v] = scaleRuns(len(s.Days), enoughNumbers(s.Days, v), spreadOf(s.Days, v))
		}
		if s.Values[v].Text {
			b.codes[v] = codeRuns(s.Days, v)
		}
	}
	b.thinned, b.usual = thinnedRuns(s)
	b.doubled = doubledRuns(s.Days)
	return b
}

// cut gives what a walk over the first n entries would have found: runs that had held for long enough by then.
func cut(found []run, n, hold int) []run {
	var kept []run
	for _, r := range found {
		if r.end = min(r.end, n); r.end-r.first >= hold {
			kept = append(kept, r)
		}
	}
	return kept
}
