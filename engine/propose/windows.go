package propose

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/plan"
)

// Windows that names tell of are tried on a few predictions: each way to look rows up, each way to make one value of them, each column.

// window is an aggregate over the rows of a source before a prediction.
type window struct {
	way     string // avg, sum, count, min, max or count_distinct
	value   *column
	length  time.Duration
	rounded int64 // rows that agree only as rounded values do
}

const (
	windowRows  = 300 // about how many predictions windows are tried on
	mostTries   = 80  // ways to look rows up that are tried for one served column
	mostColumns = 8   // columns of a source that are tried in each
)

// way is what is made of the rows of a window.
type way struct {
	Value *column // of Index -1 for the rows themselves
	Way   string
}

// windows tries the windows of served columns that no source has reproduced.
func (p *proposer) windows(ctx context.Context) error {
	done := map[*column]*feature{}
	for _, f := range p.draft.features {
		done[f.served] = f
	}
	for _, c := range p.servable() {
		back, ok := lookbackOf(c.Name)
		if !ok || !c.numeric() || isFlag(c.Name) {
			continue
		}
		f, err := p.windowOf(ctx, c, back)
		if err != nil {
			return err
		}
		if held, ok := done[c]; ok { // a newest value may look like a window of few rows
			if f != nil && f.share() > held.share() {
				*held = *f
			}
			continue
		}
		if f == nil {
			f = p.guess(c, back)
		}
		p.draft.features = append(p.draft.features, f)
	}
	if err := p.countedRows(ctx); err != nil {
		return err
	}
	p.logsOfRows()
	return nil
}

// countedRows looks for served columns that count the rows of a window that another feature is made of, without saying so in their names.
func (p *proposer) countedRows(ctx context.Context) error {
	d := &p.draft
	for _, f := range slices.Clone(d.features) {
		if f.window == nil || f.off || f.window.way == "count" {
			continue
		}
		for _, c := range p.servable() {
			common, _ := alike(c.Name, f.served.Name)
			if common == 0 || c.Class != plan.Number || c.fractionless < c.filled || slices.ContainsFunc(d.features, func(g *feature) bool { return g.served == c }) {
				continue
			}
			w := f.source.by(f.keysOf())
			counted, err := p.tryWindow(ctx, f.source, c, w, lookback{ways: []string{"count"}, length: f.window.length})
			if err != nil {
				return err
			}
			if counted != nil {
				counted.keys = f.keys
				d.features = append(d.features, counted)
			}
		}
	}
	return nil
}

// windowOf looks for the window that reproduces a served column; nil where none does. The first that nearly all rows agree with is taken.
func (p *proposer) windowOf(ctx context.Context, c *column, back lookback) (best *feature, err error) {
	var by lookup
	for _, s := range p.draft.sources {
		lookups := slices.Clone(s.ways)
		for i := range lookups {
			lookups[i].hinted = hinted(c, &lookups[i])
		}
		slices.SortStableFunc(lookups, func(a, b lookup) int { return cmp.Compare(b.hinted, a.hinted) })
		for _, w := range lookups[:min(len(lookups), mostTries)] {
			if w.Event == nil || s.settled() && w.Event != s.at.column {
				continue
			}
			f, err := p.tryWindow(ctx, s, c, w, back)
			if err != nil {
				return nil, err
			}
			if f != nil && (best == nil || f.share() > best.share()) {
				best, by = f, w
			}
			if best != nil && best.share() >= allButFew {
				return p.taken(best, by), nil
			}
		}
	}
	return p.taken(best, by), nil
}

// taken settles the source of a window that was found by a lookup, where nothing else has.
func (p *proposer) taken(f *feature, by lookup) *feature {
	if f == nil {
		return nil
	}
	s := f.source
	if !s.settled() {
		s.at, s.keys, s.keyAsk = choice{column: by.Event}, by.Keys, ""
		s.found.reproducedWindows++
	}
	if sameKeys(s.keys, by.Keys) {
		f.keys = nil
	}
	return f
}

// settled tells a source whose event time and key are shown right by what they reproduce.
func (s *source) settled() bool { return s.found.reproduced+s.found.reproducedWindows > 0 }

func sameKeys(a, b []keyPair) bool {
	return slices.EqualFunc(a, b, func(x, y keyPair) bool { return x.Prediction == y.Prediction && x.Other == y.Other })
}

// hinted says how much a served column's name speaks of a lookup: of the columns of its key and of its event time.
func hinted(c *column, w *lookup) int {
	n := -len(w.Keys)
	for _, k := range w.Keys {
		if speaksOf(k.Prediction.Name, c.Name) {
			n += 3
		}
	}
	if w.Event != nil && speaksOf(w.Event.Name, c.Name) {
		n++
	}
	return n
}

// tryWindow tries one lookup.
func (p *proposer) tryWindow(ctx context.Context, s *source, c *column, w lookup, back lookback) (*feature, error) {
	words := slices.Contains(back.ways, "count_distinct") // which counts text as well
	values := slices.DeleteFunc(slices.Clone(w.In.Columns), func(v *column) bool { return isKey(w.Keys, v) || v.instant() || !v.numeric() && !words })
	slices.SortStableFunc(values, func(a, b *column) int {
		_, likeA := alike(c.Name, a.Name)
		_, likeB := alike(c.Name, b.Name)
		return cmp.Compare(likeB, likeA)
	})
	values = values[:min(len(values), mostColumns)]
	var tried []way
	for _, name := range back.ways {
		if name == "count" {
			tried = append(tried, way{&column{Index: -1}, name})
		}
		for _, v := range values {
			if name != "count" && (name == "count_distinct" || v.numeric()) {
				tried = append(tried, way{v, name})
			}
		}
	}
	if len(tried) == 0 {
		return nil, nil
	}
	data := struct {
		lookup
		Index      int
		At, Served *column
		Values     []*column
		Ways       []way
	}{w, w.In.Index, p.askedAt(), c, values, tried}
	every := max(1, p.predictions.Columns[0].rows/windowRows)
	var best *feature
	err := p.db.Query(ctx, "714_out_windows", data, map[string]any{"every": every, "length_us": back.length}, func(rows *sql.Rows) error {
		var index int
		f := &feature{served: c, source: s, keys: w.Keys, window: &window{length: back.length}}
		err := rows.Scan(&index, &f.window.way, &f.both, &f.agree, &f.window.rounded, &f.chance)
		i := slices.IndexFunc(tried, func(t way) bool { return t.Value.Index == index && t.Way == f.window.way })
		f.window.value = tried[i].Value
		if f.likely() && (best == nil || f.share() > best.share()) {
			best = f
		}
		return err
	})
	return best, err
}

// guess leaves a window that only the name tells of as a comment; without any source the column is a request feature.
func (p *proposer) guess(c *column, back lookback) *feature {
	f := &feature{served: c, off: true}
	var most int
	var value *column
	for _, s := range p.draft.sources {
		for _, v := range s.Columns {
			if n, _ := alike(c.Name, v.Name); v.numeric() && (value == nil || n > most) && s.at.column != nil {
				f.source, value, most = s, v, n
			}
		}
	}
	if f.source == nil {
		f.off = false
		f.comment = fmt.Sprintf("its name tells of a window of %s: with its source it could be replayed", short(back.length))
		return f
	}
	f.window = &window{way: back.ways[0], value: value, length: back.length}
	f.comment = "guessed from its name; no window of " + short(back.length) + " was seen to give what was served"
	return f
}

// logsOfRows makes counts of the rows of a window that another feature has the log of these, where they are served beside it.
func (p *proposer) logsOfRows() {
	d := &p.draft
	for i := 0; i < len(d.features); i++ {
		count := d.features[i]
		if count.window == nil || count.off || count.window.value.Index >= 0 {
			continue
		}
		at := slices.IndexFunc(d.features, func(f *feature) bool {
			return f != count && f.window != nil && !f.off && f.rows == nil && f.window.value.Index >= 0 && f.source == count.source &&
				f.window.length == count.window.length && sameKeys(f.keys, count.keys)
		})
		if at >= 0 {
			d.features[at].rows = count.served
			d.features = slices.Delete(d.features, i, i+1)
			i--
		}
	}
}

// usualKeys gives a source of which every feature has a key of its own the key that most of them have.
func (p *proposer) usualKeys(ctx context.Context) error {
	for _, s := range p.draft.sources {
		var own []*feature
		usual := true
		for _, f := range p.draft.features {
			if f.source == s && !f.off {
				own = append(own, f)
				usual = usual && len(f.keys) > 0
			}
		}
		if len(own) == 0 || !usual {
			continue
		}
		best := own[0]
		shares := func(f *feature) (n int) {
			for _, g := range own {
				if sameKeys(f.keys, g.keys) {
					n++
				}
			}
			return n
		}
		for _, f := range own {
			if shares(f) > shares(best) {
				best = f
			}
		}
		s.keys, s.keyAsk, s.servedAt = best.keys, "", nil
		var err error
		if s.found, err = p.lookUp(ctx, s.by(s.keys)); err != nil {
			return err
		}
		for _, f := range own {
			if sameKeys(f.keys, s.keys) {
				f.keys = nil
			}
		}
	}
	return nil
}
