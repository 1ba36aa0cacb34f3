package propose

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/report"
)

// agreement is a served column that is a column of the row found.
type agreement struct {
	served, value       *column
	both, agree, chance int64
	young, youngAgree   int64 // of both, those of rows that are not older than most, and of these those that are equal
	youngChance         int64 // and those that would be by chance
}

// share of the rows that have both in which they are equal.
func (a agreement) share() float64 { return float64(a.agree) / float64(max(a.both, 1)) }

// quality orders agreements: by the younger half's rows, which are used, else by all.
func (a agreement) quality() float64 {
	return max(a.share(), float64(a.youngAgree)/float64(max(a.young, 1))) + a.share()/100
}

// standing orders agreements of one served column with several sources: by how much agrees, to a two hundredth; of equals, by the names.
func (a agreement) standing(s *source) float64 {
	_, like := alike(a.served.Name, a.value.Name)
	if speaksOf(a.served.Name, s.name) {
		like++
	}
	return math.Round(a.quality()*200) + like/4
}

// proven tells agreement that is no accident: nearly all rows agree, and few would with another row's value. Where old rows are not used, it is
// the younger half that agrees.
func (a agreement) proven() bool {
	return proven(a.both, a.agree, a.chance) || float64(a.youngAgree) >= allButFew*float64(a.young) && proven(a.young, a.youngAgree, a.youngChance)
}

// likely tells agreement that is too much for accident, though much disagrees: by a fault, or because more is to be said of the feature.
func (a agreement) likely() bool {
	return a.proven() || agrees(a.both, a.agree, a.chance, half, half)
}

const (
	half      = 0.5
	nearlyAll = 0.9  // of the rows agree
	allButFew = 0.98 // of the younger half do
	overLuck  = 0.8  // of what luck leaves
)

func proven(both, agree, chance int64) bool { return agrees(both, agree, chance, nearlyAll, overLuck) }

// agrees tells whether so much of the rows agree, and so much of what luck leaves.
func agrees(both, agree, chance int64, least, leastOverLuck float64) bool {
	if both-chance < leastRows || float64(agree) < least*float64(both) { // too few rows on which luck would not do
		return false
	}
	luck := float64(chance) / float64(both)
	return (float64(agree)/float64(both)-luck)/(1-luck) >= leastOverLuck
}

// filler is what is served where the source has no value.
type filler struct {
	version                    string
	missing, nulls, filled     int64
	value                      sql.NullString
	oldestUsed, newestReplaced sql.NullFloat64 // ages in seconds
	replaced                   int64           // rows with a value in whose place the filler was served, older than any that was used
}

// feature is a served column as it is proposed.
type feature struct {
	served *column
	source *source   // nil for a request feature
	keys   []keyPair // where they are not the source's
	agreement
	window  *window
	fillers []filler // by version; one without version where there are none
	rows    *column  // logs how many rows the window had
	off     bool     // left as a comment
	comment string
}

// features makes features of agreements.
func features(s *source, all []agreement, keys []keyPair) []*feature {
	var made []*feature
	for _, a := range all {
		made = append(made, &feature{served: a.served, source: s, keys: keys, agreement: a})
	}
	return made
}

// servable are the columns of predictions that a model may have been fed.
func (p *proposer) servable() []*column {
	d := &p.draft
	special := []*column{d.id.column, d.at.column, d.known.column, d.featuresAt.column, d.version.column, d.score.column}
	return slices.DeleteFunc(slices.Clone(p.predictions.Columns), func(c *column) bool {
		return slices.Contains(special, c) || isKey(d.keys, c) && (c.Class != plan.Number || keyRole.fits(c.Name) > 0) || c.instant() || d.value.column != nil && strings.EqualFold(c.Name, d.value.Name)
	})
}

// agreements compares what was served with what is found: for each served column the one that it agrees with most. It also looks for a column that logs the event time of the row found.
func (p *proposer) agreements(ctx context.Context, w lookup) ([]agreement, *column, error) {
	isKeyHere := func(c *column) bool { return isKey(w.Keys, c) }
	served := slices.DeleteFunc(p.servable(), func(c *column) bool { return isKeyHere(c) })
	values := slices.DeleteFunc(slices.Clone(w.In.Columns), func(c *column) bool { return isKeyHere(c) || c.instant() || c.distinct < 2 })
	if w.Event != nil {
		served = append(served, slices.DeleteFunc(p.predictions.Instants(), func(c *column) bool {
			return slices.Contains([]*column{p.draft.at.column, p.draft.known.column}, c)
		})...)
		values = append(values, w.Event)
	}
	if len(served) == 0 || len(values) == 0 {
		return nil, nil, nil
	}
	data := struct {
		Index          int
		Served, Values []*column
	}{w.In.Index, served, values}
	var all []agreement
	err := p.db.Query(ctx, "712_out_agreements", data, nil, func(rows *sql.Rows) error {
		var mine, theirs int
		var differing int64
		var a agreement
		err := rows.Scan(&mine, &theirs, &a.both, &a.agree, &a.chance, &a.young, &a.youngAgree, &a.youngChance, &differing)
		a.served, a.value = p.predictions.at(mine), w.In.at(theirs)
		// The same name for words of an event is that of another event: of the same plane, say, and not of this flight.
		another := a.served.Class == plan.Text && w.Event != nil && strings.EqualFold(a.served.Name, a.value.Name)
		if a.likely() && differing >= 2 && !another {
			all = append(all, a)
		}
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	kept, log := bestOf(all, w.Event)
	return kept, log, nil
}

// bestOf keeps of each served column the value that it agrees with most, of equals the one of the likest name; and tells apart the log of event times.
func bestOf(all []agreement, event *column) (kept []agreement, log *column) {
	slices.SortStableFunc(all, func(a, b agreement) int {
		_, likeA := alike(a.served.Name, a.value.Name)
		_, likeB := alike(b.served.Name, b.value.Name)
		return cmp.Or(cmp.Compare(b.quality(), a.quality()), cmp.Compare(likeB, likeA))
	})
	for _, a := range all {
		switch {
		case event != nil && a.value == event:
			if log == nil {
				log = a.served
			}
		case !slices.ContainsFunc(kept, func(k agreement) bool { return k.served == a.served }):
			kept = append(kept, a)
		}
	}
	slices.SortFunc(kept, func(a, b agreement) int { return a.served.Index - b.served.Index })
	return kept, log
}

// fillers reads, of each feature that a source reproduces, what is served where the source has no value, and how old a row may be: of all
// sampled predictions, since such rows are few.
func (p *proposer) fillers(ctx context.Context) error {
	var last *feature
	for _, f := range p.replayed() {
		w := f.source.by(f.keysOf())
		if last == nil || last.source != f.source || !sameKeys(last.keysOf(), f.keysOf()) {
			if err := p.find(ctx, w, 1); err != nil {
				return err
			}
		}
		last = f
		data := struct {
			Index                  int
			Served, Value, Version *column
			Numbers                bool
			Length                 time.Duration
		}{Index: w.In.Index, Served: f.served, Value: f.value, Version: p.draft.version.column, Numbers: f.served.numeric()}
		if f.window != nil {
			data.Length = f.window.length
		}
		err := p.db.Query(ctx, "713_out_fillers", data, nil, func(rows *sql.Rows) error {
			var g filler
			err := rows.Scan(&g.version, &g.missing, &g.nulls, &g.value, &g.filled, &g.oldestUsed, &g.newestReplaced, &g.replaced)
			f.fillers = append(f.fillers, g)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// replayed are the features that a source reproduces, those of one lookup together.
func (p *proposer) replayed() []*feature {
	all := slices.DeleteFunc(slices.Clone(p.draft.features), func(f *feature) bool { return f.source == nil || f.off })
	slices.SortStableFunc(all, func(a, b *feature) int {
		return cmp.Or(a.source.Index-b.source.Index, cmp.Compare(pairs(a.keysOf(), true), pairs(b.keysOf(), true)))
	})
	return all
}

// keysOf is the key that a feature of a source is looked up by.
func (f *feature) keysOf() []keyPair {
	if len(f.keys) > 0 {
		return f.keys
	}
	return f.source.keys
}

// within is how old a row may be to be used, where the data tell it to the hour; else the question that they leave.
func (f *feature) within() (within time.Duration, ask string) {
	var used, replaced float64
	var n int64
	for _, g := range f.fillers {
		used = max(used, g.oldestUsed.Float64)
		if n += g.replaced; g.newestReplaced.Valid && (replaced == 0 || g.newestReplaced.Float64 < replaced) {
			replaced = g.newestReplaced.Float64
		}
	}
	if f.window != nil || n < 3 || replaced <= used {
		return 0, ""
	}
	within = atLeast(used)
	for _, unit := range []time.Duration{time.Hour, time.Minute, time.Second} {
		if within.Seconds() > replaced {
			within = time.Duration(math.Ceil(used/unit.Seconds())) * unit
		}
	}
	if replaced-used <= max(3600, used/10) {
		return within, ""
	}
	return within, fmt.Sprintf("how old may a row be that %s is served from? Rows up to %s old were, %s from %s on were not", shown(f.served.Name),
		roughly(used), plural(n, "row"), roughly(replaced))
}

// defaults are what is served for null, where that is told: nine in ten rows without a value have it. Versions that never lack a value say nothing.
func (f *feature) defaults() (all string, byVersion map[string]string) {
	byVersion = map[string]string{}
	for _, g := range f.fillers {
		if g.value.Valid && !strings.ContainsFunc(g.version, unicode.IsControl) && g.missing >= 3 && float64(g.filled) >= nearlyAll*float64(g.missing) && g.nulls*10 <= g.missing {
			byVersion[g.version] = g.value.String
		}
	}
	for _, v := range byVersion {
		if all == "" {
			all = v
		}
		if v != all || len(byVersion) < len(f.fillers) {
			return "", byVersion
		}
	}
	return all, nil
}

// features gives every other served column its place: a window of a source, a request feature, or a comment.
func (p *proposer) features(ctx context.Context) error {
	if err := p.windows(ctx); err != nil {
		return err
	}
	if err := p.usualKeys(ctx); err != nil {
		return err
	}
	if err := p.fillers(ctx); err != nil {
		return err
	}
	d := &p.draft
	done := map[*column]bool{}
	for _, f := range d.features {
		done[f.served] = true
		done[f.rows] = true
	}
	for _, s := range d.sources {
		done[s.servedAt] = true
	}
	for _, c := range p.servable() {
		if done[c] || slices.Contains(d.segments, c) || slices.Contains(d.entities, c) {
			continue
		}
		f := &feature{served: c}
		switch {
		case c.distinct == 1:
			f.off, f.comment = true, "always "+shown(c.first)+p.sampledWords(c)
		case c.Class == plan.Text && c.distinct > 1000:
			f.off, f.comment = true, "words of "+report.Counted(c.distinct)+" kinds: an input of the model?"
		case isFlag(c.Name):
			f.off, f.comment = true, "its name says that it marks another column: an input of the model?"
		case isOutput(c.Name):
			f.off, f.comment = true, "its name says that it is what the model said, and not an input"
		}
		d.features = append(d.features, f)
	}
	slices.SortStableFunc(d.features, func(a, b *feature) int { return a.served.Index - b.served.Index })
	return nil
}

// sampledWords says that a figure is of a sample, where it is.
func (p *proposer) sampledWords(c *column) string {
	if p.predictions.every == 1 {
		return ""
	}
	return " in " + report.Counted(c.rows) + " sampled rows"
}

// isFlag tells names that mark another column: whether it was filled, matched or missing.
func isFlag(name string) bool {
	parts := words(name)
	last := parts[max(0, len(parts)-1):]
	return len(parts) > 1 && slices.Contains([]string{"default", "null", "missing", "imputed", "filled", "matched", "isnull", "isna", "na"}, strings.Join(last, ""))
}

// isOutput tells names of what models say beside their score.
func isOutput(name string) bool {
	return scoreRole.fits(name) >= wholeName-len(scoreRole.names)
}

// lookback is a window that a name tells of.
type lookback struct {
	ways   []string
	length time.Duration
}

// lookbackOf reads "_mean_6h", "_7d_sum" or "_30day_cnt" from a name.
func lookbackOf(name string) (lookback, bool) {
	var l lookback
	var strong, weak []string
	parts := words(name)
	for i, w := range parts {
		if way, ok := ways[w]; ok && !slices.Contains(strong, way) {
			strong = append(strong, way)
			continue
		}
		if way, ok := nouns[w]; ok {
			weak = append(weak, way)
			continue
		}
		digits := strings.TrimRight(w, "abcdefghijklmnopqrstuvwxyz")
		unit := w[len(digits):]
		if digits == "" || strings.Trim(digits, "0123456789") != "" || len(digits) > 4 {
			continue
		}
		if unit == "" && i+1 < len(parts) {
			unit = parts[i+1]
		}
		if short, ok := lengths[unit]; ok {
			if d, err := loop.ParseDuration(digits + short); err == nil && d > 0 {
				l.length = d
			}
		}
	}
	switch {
	case slices.Contains(strong, "count_distinct"):
		l.ways = []string{"count_distinct"}
	case len(strong) > 0:
		l.ways = strong
	case len(weak) > 0:
		l.ways = append(weak, slices.DeleteFunc([]string{"avg", "sum", "count"}, func(way string) bool { return slices.Contains(weak, way) })...)
	default:
		l.ways = []string{"avg", "sum", "count"}
	}
	return l, l.length > 0
}

var ways = map[string]string{
	"mean": "avg", "avg": "avg", "average": "avg", "sum": "sum", "total": "sum", "count": "count", "cnt": "count", "min": "min", "max": "max",
	"nunique": "count_distinct", "distinct": "count_distinct", "unique": "count_distinct",
}

// nouns are words that speak for a way of making a window, where no other does.
var nouns = map[string]string{"rate": "avg", "share": "avg", "ratio": "avg", "amount": "sum", "n": "count", "num": "count", "number": "count"}

var lengths = map[string]string{
	"s": "s", "sec": "s", "m": "m", "min": "m", "mins": "m", "minutes": "m", "h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h",
	"d": "d", "day": "d", "days": "d", "w": "w", "wk": "w", "week": "w", "weeks": "w",
}
