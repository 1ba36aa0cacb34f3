package propose

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/report"
)

// source is a source as it is proposed.
type source struct {
	*input
	at, known choice
	id        choice // of which rows are versions
	keys      []keyPair
	keyAsk    string
	found     found
	servedAt  *column // prediction column that holds the event time of the row used
	met       string  // the likeliest pair of columns that hold the same values
	ways      []lookup
	tried     []tried // of these, those that were tried, the best first
}

// found is what looking rows up comes to.
type found struct {
	asked, found                  int64
	half, nearly                  sql.NullFloat64 // age of the row found, in seconds
	own                           int64           // of those found, rows about what the prediction is about
	keyRows, crowded              int64
	agreements                    []agreement
	served                        *column // logs the event time of the row found
	reproduced, reproducedWindows int
}

// by is how its rows are looked up by a key.
func (s *source) by(keys []keyPair) lookup {
	return lookup{In: s.input, Event: s.at.column, Known: s.known.column, ID: s.id.column, Keys: keys}
}

// tried is a way to look rows up, and what it came to.
type tried struct {
	lookup
	found
}

// ownRows is 1 where rows are found that are about what the prediction is about: most likely its event time is no such.
func (f found) ownRows() int {
	if f.own*100 > f.found {
		return 1
	}
	return 0
}

// lookup is one way to look rows of a source up.
type lookup struct {
	In           *input
	Event, Known *column // nil for a static source
	ID           *column // of which the newest row known counts; nil where every row does
	Keys         []keyPair
	hinted       int // how much names speak for it
}

// when orders lookups by how much the name of their event time speaks for it.
func (w lookup) when() int {
	if w.Event == nil {
		return 0
	}
	return -eventPoints(w.Event)
}

const (
	askedRows   = 5_000 // about how many predictions are looked up in a source
	mostKeys    = 6     // columns that are tried as key of a source
	mostEvents  = 4     // columns of instants that are tried as its event time
	mostLookups = 84    // ways that are tried, for each source
)

// readSources chooses how each source is looked up: the way that reproduces most of what was served. A served column is the doing of the source
// that reproduces it best.
func (p *proposer) readSources(ctx context.Context) error {
	best := map[*column]float64{}
	for _, in := range p.sources {
		s := &source{input: in}
		p.draft.sources = append(p.draft.sources, s)
		if err := p.tryAll(ctx, s); err != nil {
			return err
		}
		for i := range s.tried {
			for _, a := range s.tried[i].agreements {
				best[a.served] = max(best[a.served], a.standing(s))
			}
		}
	}
	taken := map[*column]bool{}
	for _, s := range p.draft.sources {
		for i := range s.tried {
			t := &s.tried[i]
			t.agreements = slices.DeleteFunc(t.agreements, func(a agreement) bool { return taken[a.served] || a.standing(s) < best[a.served] })
			t.reproduced = len(t.agreements)
			if t.served != nil {
				t.reproduced++
			}
		}
		p.chooseLookup(s, taken)
	}
	return nil
}

// tryAll tries the ways to look rows up: by single columns; where many rows share such a key and an event time, by several.
func (p *proposer) tryAll(ctx context.Context, s *source) error {
	var err error
	if s.ways, err = p.lookups(ctx, s); err != nil {
		return err
	}
	crowded := true
	for _, w := range s.ways {
		if len(w.Keys) > 1 && !crowded {
			continue
		}
		f, err := p.lookUp(ctx, w)
		if err != nil {
			return err
		}
		s.tried = append(s.tried, tried{w, f})
		if len(w.Keys) == 1 && f.crowded*2 < f.keyRows {
			crowded = false
		}
	}
	return nil
}

// lookups lists the ways to look rows of a source up, the likeliest first.
func (p *proposer) lookups(ctx context.Context, s *source) ([]lookup, error) {
	pairs, err := p.overlaps(ctx, s.input)
	if err != nil {
		return nil, err
	}
	if len(pairs) > 0 {
		s.met = fmt.Sprintf("%s and %s hold the same values, but are no likely key", shown(pairs[0].Other.Name), shown(pairs[0].Prediction.Name))
	}
	rowByRow := slices.DeleteFunc(slices.Clone(pairs), func(k keyPair) bool {
		return !k.sameName() || k.Prediction != p.draft.id.column || k.mine() < fewCommon
	})
	pairs = slices.DeleteFunc(pairs, func(k keyPair) bool {
		return k.mine() < fewCommon && k.theirs() < fewCommon || k.Prediction == p.draft.id.column || k.Prediction.unique() && k.Other.unique() ||
			k.Prediction.numeric() && keyRole.fits(k.Prediction.Name) <= 0 && !(k.sameName() && k.Prediction.Whole && k.Other.Whole)
	})
	if len(pairs) == 0 {
		pairs = rowByRow // a source of what was known of each prediction
	}
	sets := keySets(pairs)
	events, err := p.sourceInstants(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := p.versions(ctx, s); err != nil {
		return nil, err
	}
	if len(events) == 0 {
		events = []*column{nil} // a static source
	}
	var ways []lookup
	for _, keys := range sets {
		for _, e := range events {
			w := s.by(keys)
			w.Event = e
			ways = append(ways, w)
		}
	}
	return ways[:min(len(ways), mostLookups)], nil
}

// keySets are the keys that are tried: single columns, pairs of the likeliest, and all together.
func keySets(pairs []keyPair) [][]keyPair {
	single := pairs[:min(len(pairs), mostKeys)]
	apart := func(k, o keyPair) bool { return k.Prediction != o.Prediction && k.Other != o.Other }
	var sets [][]keyPair
	for _, k := range single {
		sets = append(sets, []keyPair{k})
	}
	var all []keyPair
	for i, k := range single {
		for _, o := range single[i+1:] {
			if apart(k, o) {
				sets = append(sets, []keyPair{k, o})
			}
		}
		if !slices.ContainsFunc(all, func(o keyPair) bool { return !apart(k, o) }) {
			all = append(all, k)
		}
	}
	if len(all) > 2 {
		sets = append(sets, all)
	}
	return sets
}

// sourceInstants chooses when rows of a source were known, and lists what may be their event time: those that its name speaks of, where it does.
func (p *proposer) sourceInstants(ctx context.Context, s *source) ([]*column, error) {
	orders, err := p.orders(ctx, s.input)
	if err != nil {
		return nil, err
	}
	at, known, ask := instants(s.input, orders)
	if at == nil {
		return nil, nil
	}
	s.at, s.known = choice{column: at, ask: ask}, choice{column: known}
	if known != nil {
		return []*column{at}, nil
	}
	events := ranked(s.Instants(), &eventRole, func(c *column) bool { return c.clocklike() || !at.clocklike() })
	named := slices.DeleteFunc(slices.Clone(events), func(c *column) bool { return !speaksOf(c.Name, s.name) })
	if len(named) > 0 {
		events = named
	}
	return events[:min(len(events), mostEvents)], nil
}

// versions looks for what makes two rows of a source versions of one: an id that some rows repeat, at another instant of their delivery.
func (p *proposer) versions(ctx context.Context, s *source) error {
	if s.known.column == nil {
		return nil
	}
	all := ranked(s.Columns, &idRole, func(c *column) bool {
		return idRole.fits(c.Name) > 0 && c.Keyed && c.full() && !c.instant() && c.distinct < c.filled && c.distinct*2 >= c.filled
	})
	for _, c := range all {
		r, err := p.keyRows(ctx, s.input, []*column{c}, s.known.Clock, plan.Clock{})
		if err != nil {
			return err
		}
		if r.told*1000 >= r.keyed*999 {
			s.id = choice{column: c, why: fmt.Sprintf("%s of %s rows are later versions of another", report.Counted(r.keyed-r.keys), report.Counted(r.keyed))}
			return nil
		}
	}
	return nil
}

// speaksOf tells whether a word of a name begins a word of another, or the other way round.
func speaksOf(name, of string) bool {
	for _, a := range words(name) {
		for _, b := range words(of) {
			if len(a) >= 3 && strings.HasPrefix(b, a) || len(b) >= 3 && strings.HasPrefix(a, b) {
				return true
			}
		}
	}
	return false
}

// chooseLookup takes the way that reproduces most of what was served; where none does, the one that finds rows for most.
func (p *proposer) chooseLookup(s *source, taken map[*column]bool) {
	if len(s.tried) == 0 {
		s.keyAsk = "what joins the rows of " + shown(s.name) + " with predictions? " + cmp.Or(s.met, "No column of it holds values that predictions have")
		return
	}
	slices.SortStableFunc(s.tried, func(a, b tried) int {
		return cmp.Or(a.ownRows()-b.ownRows(), b.reproduced-a.reproduced, a.when()-b.when(), cmp.Compare(b.found.found, a.found.found), len(a.Keys)-len(b.Keys))
	})
	best := s.tried[0]
	s.keys, s.found, s.servedAt = best.Keys, best.found, best.served
	if best.Event != nil && (best.Event != s.at.column || best.reproduced > 0) {
		s.at = choice{column: best.Event}
	}
	switch {
	case best.ownRows() > 0:
		s.keyAsk = fmt.Sprintf("is %s when a row could be read? %s of the rows that predictions find are about the prediction's own outcome", shown(best.Event.Name), report.Counted(best.own))
	case best.reproduced == 0:
		s.keyAsk = fmt.Sprintf("is this its key? %s of %s predictions find a row by it, and nothing that was served was told to come from it", report.Counted(best.found.found), report.Counted(best.asked))
	}
	for _, t := range s.tried {
		if t.Event != best.Event {
			continue
		}
		var more []agreement
		for _, a := range t.agreements {
			if !taken[a.served] {
				taken[a.served] = true
				more = append(more, a)
			}
		}
		keys := t.Keys
		if sameKeys(keys, best.Keys) {
			keys = nil
		}
		p.draft.features = append(p.draft.features, features(s, more, keys)...)
	}
}

// lookUp looks a sample of predictions up in one way, and compares what was served with what is found.
func (p *proposer) lookUp(ctx context.Context, w lookup) (found, error) {
	var f found
	if err := p.find(ctx, w, max(1, (p.predictions.Columns[0].rows+askedRows-1)/askedRows)); err != nil {
		return f, err
	}
	data := struct {
		lookup
		Index int
		Own   []keyPair
	}{w, w.In.Index, p.ownKey(w)}
	err := p.db.Query(ctx, "711_out_found", data, nil, func(rows *sql.Rows) error {
		return rows.Scan(&f.asked, &f.found, &f.own, &f.half, &f.nearly, &f.keyRows, &f.crowded)
	})
	if err != nil || f.found < leastRows {
		return f, err
	}
	f.agreements, f.served, err = p.agreements(ctx, w)
	return f, err
}

// ownKey is the key of outcomes in a source that has it beside the key of the lookup: rows by which a source tells of the prediction's own outcome.
func (p *proposer) ownKey(w lookup) []keyPair {
	var own []keyPair
	for _, k := range p.draft.keys {
		c := w.In.named(k.Prediction.Name)
		if c == nil || !c.Keyed || !k.Prediction.Keyed || isKey(w.Keys, c) || w.Event == nil {
			return nil
		}
		own = append(own, keyPair{Prediction: k.Prediction, Other: c})
	}
	return own
}

// askedAt is the instant at which features were read.
func (p *proposer) askedAt() *column {
	if c := p.draft.featuresAt.column; c != nil {
		return c
	}
	return p.draft.at.column
}

// find looks every so manieth sampled prediction up.
func (p *proposer) find(ctx context.Context, w lookup, every int64) error {
	data := struct {
		lookup
		Index int
		At    *column
	}{w, w.In.Index, p.askedAt()}
	return p.db.Run(ctx, "710_int_found", data, map[string]any{"every": every})
}
