package cause

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// Keys of a source that went wrong while the others did not: a few of them hide among all. Of the keys that are taken down,
// each is held against its own past like a source, and what befell up to half of them is one claim that names them.

const (
	keySilence  = 24 * time.Hour // that a key's silence must last at least
	regularDays = 14             // before it, each with news of the key
	mostKeys    = 0.5            // more are the source's own doing
)

// regular tells whether there was news on each of the days before one.
func regular(days []SourceDay, before Day) bool {
	n := 0
	for i := range days {
		if d := days[i].Day; d < before && d >= before-regularDays && days[i].Rows > 0 {
			n++
		}
	}
	return n == regularDays
}

// Summed puts hours in order and adds up those that are there several times.
func Summed(asked []Asked) []Asked {
	slices.SortStableFunc(asked, func(a, b Asked) int { return a.Hour.Compare(b.Hour) })
	var all []Asked
	for _, a := range asked {
		if n := len(all); n > 0 && all[n-1].Hour.Equal(a.Hour) {
			all[n-1].Rows += a.Rows
			continue
		}
		all = append(all, a)
	}
	return all
}

// stoppedKeys looks for keys of which nothing came any more while the others went on. Such a key had news on each of 14 days, and
// is silent for a day at least beside what is asked of a source. Where freshness is promised it is then proven; of keys of which
// none is, nobody said that they go on.
func (w *Walked) stoppedKeys(since, boundary Day) []Claim {
	var best Claim
	most := 0
	for i := range w.keys {
		claim, names := w.keys[i].stopped(w.SourceHistory, since, boundary)
		if len(names) > most {
			best, most = claim, len(names)
		}
	}
	if most == 0 {
		return nil
	}
	return []Claim{best}
}

// stopped judges the keys of one column.
func (c *walkedColumn) stopped(s *SourceHistory, since, boundary Day) (Claim, []string) {
	var names []string
	var spans []Span
	var longest time.Duration
	var lines []string
	var lastAt time.Time
	keys := c.knownFor(regularDays, boundary)
	for _, k := range keys {
		found, last := k.silences(k.asked, since, boundary)
		if len(found) == 0 {
			continue
		}
		names, spans = append(names, k.key), append(spans, found...)
		longest, lastAt = max(longest, last.longest), earlier(lastAt, last.LastAt)
		if len(lines) == 0 {
			lines = last.evidence(k.SourceHistory, boundary)
			lines[0] = fmt.Sprintf("%s = %s: %s", c.column, k.key, lines[0])
		}
	}
	if len(names) == 0 || float64(len(names)) > mostKeys*float64(len(keys)) {
		return Claim{}, nil
	}
	share := float64(len(names)) / float64(len(keys))
	lines = append([]string{fmt.Sprintf("of %d of %d keys looked at (%s %s) nothing came any more, while the others went on", len(names), len(keys), c.column, strings.Join(names, ", "))}, lines...)
	return Claim{
		Cause: SourceStopped, Node: s.Name, Sources: []string{s.Name}, Features: s.Features,
		Parameters: map[string]any{"last_at": lastAt.Format(time.RFC3339), "key": c.column, "keys": names, "key_share": math.Round(1000*share) / 1000},
		Tier:       stoppedTier(s), Proven: s.FreshWithin > 0, Spans: union(spans), Levels: s.past(longest), Strays: true, Evidence: lines, Action: stoppedAction(s),
	}, names
}

// kind is what changed of which value.
type kind struct {
	what  string
	value int
}

// changedKeys gives what changed of single keys, of the column in which the most keys did; of what shows among all rows
// already it tells the keys.
func (w *Walked) changedKeys(whole []change, since, boundary Day) []change {
	var all []change
	most := 0
	for i := range w.keys {
		found, n := w.keys[i].changed(since, boundary)
		if n > most {
			all, most = found, n
		}
	}
	return slices.DeleteFunc(all, func(c change) bool {
		at := slices.IndexFunc(whole, func(w change) bool { return w.what == c.what && w.value == c.value })
		if at >= 0 && !whole[at].byRow {
			whole[at].name(c.parameters)
		}
		return at >= 0
	})
}

// name takes over which keys changed.
func (c *change) name(keys map[string]any) {
	if c.parameters == nil {
		c.parameters = map[string]any{}
	}
	for _, name := range []string{"key", "keys", "key_share"} {
		c.parameters[name] = keys[name]
	}
}

// changed judges the keys of one column, and counts those that changed.
func (c *walkedColumn) changed(since, boundary Day) (found []change, n int) {
	changes := map[kind][]change{}
	keys := map[kind][]string{}
	alive := c.knownFor(fewDays, boundary)
	for _, k := range alive {
		for _, one := range k.changes(between(k.asked, since, boundary), boundary) {
			of := kind{one.what, one.value}
			if one.span.lasts(since) && !slices.Contains(keys[of], k.key) {
				changes[of], keys[of] = append(changes[of], one), append(keys[of], k.key)
			}
		}
	}
	order := slices.SortedFunc(maps.Keys(keys), func(a, b kind) int { return cmp.Or(cmp.Compare(a.what, b.what), a.value-b.value) })
	for _, of := range order {
		if float64(len(keys[of])) > mostKeys*float64(len(alive)) {
			continue
		}
		n += len(keys[of])
		found = append(found, c.pooled(changes[of], keys[of], len(alive)))
	}
	return found, n
}

// pooled is one change of several keys, from the first of them on until the last.
func (c *walkedColumn) pooled(changes []change, keys []string, alive int) change {
	one := changes[0]
	one.name(map[string]any{"key": c.column, "keys": keys, "key_share": math.Round(1000*float64(len(keys))/float64(alive)) / 1000})
	one.evidence = fmt.Sprintf("%d of %d keys looked at (%s %s); %s %s", len(keys), alive, c.column, strings.Join(keys, ", "), keys[0], one.evidence)
	for _, other := range changes[1:] {
		one.brought, one.due = one.brought+other.brought, one.due+other.due
		one.span.From = earlier(one.span.From, other.span.From)
		if one.span.To.IsZero() || other.span.To.IsZero() {
			one.span.To = time.Time{}
		} else if other.span.To.After(one.span.To) {
			one.span.To = other.span.To
		}
	}
	if one.due > 0 {
		one.parameters["factor"] = math.Round(100*one.brought/one.due) / 100
	}
	return one
}
