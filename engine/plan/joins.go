package plan

import (
	"slices"
	"strings"
	"time"

	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
)

// meet settles what the two columns of a key pair are cast to; other is the outcome's or the source's side.
func (b *builder) meet(key string, pair loop.Pair, other *side) (KeyKind, bool) {
	mine, ok1 := b.scalar(key, b.predictions, pair.Prediction)
	theirs, ok2 := b.scalar(key, other, pair.Other)
	if !ok1 || !ok2 {
		return "", false
	}
	switch { // a side without a value goes with the other
	case theirs.Void && !mine.Void:
		theirs = other.settle(theirs, b.predictions.typeOf(mine))
	case mine.Void && !theirs.Void:
		mine = b.predictions.settle(mine, other.typeOf(theirs))
	case mine.Void:
		mine, theirs = b.predictions.settle(mine, "VARCHAR"), other.settle(theirs, "VARCHAR")
	}
	kind, ok := keyKind(mine.Type, theirs.Type)
	switch {
	case ok:
	case b.predictions.partition(pair.Prediction) && namesFolder(theirs.Type), other.partition(pair.Other) && namesFolder(mine.Type):
		kind = KeyText
	case isText(mine.Type) && other.table.Format == intake.CSV:
		other.pin(pair.Other)
		kind = KeyText
	case isText(theirs.Type) && b.predictions.table.Format == intake.CSV && !b.readAsValue(pair.Prediction):
		b.predictions.pin(pair.Prediction)
		kind = KeyText
	default:
		b.fail(key, "write both with one type", "column %q of %s is %s, column %q of %s is %s: they can never be equal",
			pair.Prediction, b.predictions.table.Path, mine.Type, pair.Other, other.table.Path, theirs.Type)
		return "", false
	}
	if kind == KeyTime && (b.predictions.text[pair.Prediction] || other.text[pair.Other]) {
		b.fail(key, "write the file as Parquet, or the key in a column of its own",
			"%q and %q are a key and an instant, and one of them is read from CSV as text", pair.Prediction, pair.Other)
		return "", false
	}
	return kind, true
}

// joins finds the joins in the order of their sources; of one source its own key first, then as features override it.
func (b *builder) joins() {
	b.joinOf = map[*loop.Feature]int{}
	users := map[string][]*loop.Feature{}
	for i := range b.l.Features {
		f := &b.l.Features[i]
		users[f.Source] = append(users[f.Source], f)
	}
	for i := range b.l.Sources {
		d := &b.l.Sources[i]
		b.sourceJoins(i, users[d.Name])
	}
	for i := range b.l.Features {
		f := &b.l.Features[i]
		known := slices.ContainsFunc(b.l.Sources, func(s loop.Source) bool { return s.Name == f.Source })
		if f.Source != "" && !known {
			b.fail("features."+f.Name+".source", "name one of the sources", "there is no source %q", f.Source)
		}
	}
}

// drafted is a join before its keys are resolved.
type drafted struct {
	pairs []loop.Pair
	where string // key of the loop file
	own   bool   // the source's own key
	users []*loop.Feature
}

func (b *builder) sourceJoins(i int, features []*loop.Feature) {
	d := &b.l.Sources[i]
	key := "sources." + d.Name
	own := drafted{pairs: d.Key, where: key + ".key", own: true}
	var drafts []*drafted
	for _, f := range features {
		pairs, where := f.Key, "features."+f.Name+".key"
		if len(pairs) == 0 || samePairs(pairs, d.Key) {
			own.users = append(own.users, f)
			continue
		}
		j := slices.IndexFunc(drafts, func(o *drafted) bool { return samePairs(o.pairs, pairs) })
		if j < 0 {
			j = len(drafts)
			drafts = append(drafts, &drafted{pairs: pairs, where: where})
		}
		drafts[j].users = append(drafts[j].users, f)
	}
	promised := d.Expect != loop.ExpectAny || d.FreshWithin > 0 || d.ServedAt != "" || d.ServedRows != ""
	if len(own.users) > 0 || len(features) == 0 && promised {
		if len(d.Key) == 0 {
			b.fail(key, "write key: {source column: prediction column}", "it has no key")
		}
		drafts = slices.Insert(drafts, 0, &own)
	} else {
		for _, pair := range d.Key { // no join of its own, but what is written must be right
			b.meet(b.item(own.where, pair.Other), pair, b.sources[i])
		}
	}
	for _, draft := range drafts {
		b.join(i, draft, len(drafts) == 1)
	}
}

// join resolves one join. The source's served_at and served_rows speak of the join by its own key, or of its only one.
func (b *builder) join(i int, draft *drafted, only bool) {
	d := &b.l.Sources[i]
	j := Join{Index: len(b.p.Joins), Source: i}
	for _, pair := range draft.pairs {
		kind, ok := b.meet(b.item(draft.where, pair.Other), pair, b.sources[i])
		if !ok {
			continue
		}
		j.Keys = append(j.Keys, JoinKey{
			Prediction: b.predictionKey(pair.Prediction, kind),
			Source:     b.sourceKey(i, pair.Other, kind),
		})
	}
	if draft.own || only {
		j.ServedAt = b.clock("sources."+d.Name+".served_at", b.predictions, d.ServedAt)
		j.ServedRows = b.rows("sources."+d.Name+".served_rows", b.predictions, d.ServedRows)
	}
	j.Name = b.joinName(d.Name, draft)
	j.Counted = len(draft.users) == 0
	anyAge := len(draft.users) == 0
	for _, f := range draft.users {
		b.joinOf[f] = j.Index
		reach := f.Within
		if f.Window != nil {
			reach = f.Window.Offset + f.Window.Length + alignment(f.Window.Align)
		} else {
			j.Counted = true
		}
		anyAge = anyAge || reach == 0
		j.Within = max(j.Within, reach)
	}
	if anyAge {
		j.Within = 0
	}
	b.p.Joins = append(b.p.Joins, j)
}

// alignment is how far an aligned window may end before the instant that it is asked at.
func alignment(unit string) time.Duration {
	return map[string]time.Duration{"hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour}[unit]
}

// joinName is the source's name; under another key with the prediction columns in parentheses, and with both columns of
// each pair where that name is taken.
func (b *builder) joinName(source string, draft *drafted) string {
	if draft.own {
		return source
	}
	short, long := []string{}, []string{}
	for _, pair := range draft.pairs {
		short = append(short, pair.Prediction)
		long = append(long, pair.Other+"="+pair.Prediction)
	}
	name := source + "(" + strings.Join(short, ",") + ")"
	if slices.ContainsFunc(b.p.Joins, func(j Join) bool { return j.Name == name }) {
		name = source + "(" + strings.Join(long, ",") + ")"
	}
	return name
}

// samePairs tells whether two keys are one, whatever the order of their pairs.
func samePairs(a, b []loop.Pair) bool {
	if len(a) != len(b) {
		return false
	}
	for _, pair := range a {
		if !slices.Contains(b, pair) {
			return false
		}
	}
	return true
}

func (b *builder) predictionKey(column string, kind KeyKind) int {
	for _, k := range b.p.Keys {
		if k.Column == column && k.Kind == kind {
			return k.Index
		}
	}
	b.p.Keys = append(b.p.Keys, Key{Index: len(b.p.Keys), Column: column, Kind: kind})
	return len(b.p.Keys) - 1
}

func (b *builder) sourceKey(source int, column string, kind KeyKind) int {
	s := &b.p.Sources[source]
	for _, k := range s.Keys {
		if k.Column == column && k.Kind == kind {
			return k.Index
		}
	}
	s.Keys = append(s.Keys, SourceKey{Index: len(s.Keys), Column: column, Kind: kind})
	return len(s.Keys) - 1
}

// lookups groups the as-of and static features by join and filter. The head of a join comes first: it carries the
// filter that all features of the join share, windows included, else none.
func (b *builder) lookups() {
	for i := range b.p.Joins {
		j := &b.p.Joins[i]
		filter, first, shared := -1, true, true
		for f := range b.p.Features {
			if feature := &b.p.Features[f]; feature.Join == i {
				shared = shared && (first || feature.Filter == filter)
				filter, first = feature.Filter, false
			}
		}
		if !shared {
			filter = -1
		}
		j.Head = b.lookup(i, filter)
		for f := range b.p.Features {
			feature := &b.p.Features[f]
			if feature.Join != i || feature.Windows {
				continue
			}
			feature.Lookup = b.lookup(i, feature.Filter)
			found := &b.p.Lookups[feature.Lookup]
			found.Features = append(found.Features, f)
		}
	}
}

func (b *builder) lookup(join, filter int) int {
	for _, l := range b.p.Lookups {
		if l.Join == join && l.Filter == filter {
			return l.Index
		}
	}
	b.p.Lookups = append(b.p.Lookups, Lookup{Index: len(b.p.Lookups), Join: join, Filter: filter})
	return len(b.p.Lookups) - 1
}
