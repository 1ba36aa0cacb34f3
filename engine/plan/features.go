package plan

import (
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// quote writes a column's name as an expression, for the checker to read.
func quote(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// expression checks a scalar over the rows of a side; suits tells the classes that its use can do with.
func (b *builder) expression(key, text string, s *side, suits func(Class) bool) (warehouse.Expression, bool) {
	if b.fatal != nil || len(s.table.Files) == 0 {
		return warehouse.Expression{}, false
	}
	e, err := b.try(s, suits, func(columns []warehouse.Column) (warehouse.Expression, error) {
		return b.db.Scalar(b.ctx, text, columns)
	})
	if err != nil {
		b.said(key, err)
		return e, false
	}
	return e, true
}

// condition checks a filter; nil where text is "".
func (b *builder) condition(key, text string, s *side) *warehouse.Expression {
	if text == "" {
		return nil
	}
	e, ok := b.expression(key, text, s, func(c Class) bool { return c == Boolean })
	if !ok {
		return nil
	}
	if e.Type != "BOOLEAN" {
		b.fail(key, "write a condition, as quality <> 'bad'", "it is %s, want a boolean", typeName(e.Type))
		return nil
	}
	return &e
}

func (b *builder) sourceFilters() {
	for i := range b.p.Sources {
		d := b.p.Sources[i].Decl
		b.p.Sources[i].Where = b.condition("sources."+d.Name+".where", d.Where, b.sources[i])
	}
}

func (b *builder) features() {
	for i := range b.l.Features {
		d := &b.l.Features[i]
		key := "features." + d.Name
		f := Feature{Index: i, Decl: d, Served: d.Served, Join: -1, Lookup: -1, Value: -1, Filter: -1}
		served := key + ".served"
		if d.Served == "" || d.Served == d.Name {
			f.Served, served = d.Name, key
		}
		if c, ok := b.column(served, b.predictions, f.Served); ok {
			c = b.predictions.settle(c, b.servedType(d))
			f.Class = ClassOf(c.Type)
			if f.Class == "" {
				b.fail(served, "write it as a number, a boolean, text or a timestamp", "column %q of %s is %s, which cannot be compared",
					f.Served, b.predictions.table.Path, typeName(c.Type))
			}
			if f.Class == Instant {
				f.ServedClock = b.servedClock(c)
			}
		}
		f.ServedAt = b.clock(key+".served_at", b.predictions, d.ServedAt)
		f.ServedRows = b.rows(key+".served_rows", b.predictions, d.ServedRows)
		b.setDefault(key+".default", &f)
		if join, ok := b.joinOf[d]; ok {
			f.Join = join
			b.replayed(key, &f)
		}
		b.p.Features = append(b.p.Features, f)
	}
}

// servedClock reads a served instant: text from CSV, and in UTC where no zone is written.
func (b *builder) servedClock(c intake.Column) Clock {
	form, zone := formOf(c.Type), b.predictions.zone
	if zone == "" {
		zone = "UTC"
	}
	if b.predictions.table.Format == intake.CSV {
		b.predictions.pin(c.Name)
		form = Words
	}
	return Clock{Column: c.Name, Form: form, Zone: zoneFor(form, zone)}
}

// meaning is a declaration of what a feature is, its own or a rival's.
type meaning struct {
	key       string
	value     string
	aggregate string
	where     string
	window    *loop.Window
}

// replayed checks how a feature is computed, and that it can equal what was served.
func (b *builder) replayed(key string, f *Feature) {
	d := f.Decl
	source := b.p.Joins[f.Join].Source
	own := meaning{key: key, value: d.Value, aggregate: d.Aggregate, where: d.Where, window: d.Window}
	if filter := b.condition(key+".where", d.Where, b.sources[source]); filter != nil {
		f.Filter = b.sourceFilter(source, *filter)
	}
	f.Windows = d.Aggregate != ""
	if e, class, ok := b.value(own, source, f.Served, f.Class); ok {
		f.Agg = Aggregate(e.Aggregate)
		if e.SQL != "" {
			f.Value = b.sourceValue(source, e, class)
		}
	}
	for _, rival := range d.Definitions {
		b.rival(own, rival, source, f)
	}
}

// rival checks another meaning of a feature, which takes from the feature what it does not say.
func (b *builder) rival(own meaning, rival loop.FeatureDefinition, source int, f *Feature) {
	m := own
	m.key += ".definitions." + rival.Name
	if rival.Value != "" {
		m.value, m.aggregate = rival.Value, ""
	}
	if rival.Aggregate != "" {
		m.value, m.aggregate = "", rival.Aggregate
	}
	if rival.Window != nil {
		m.window = rival.Window
	}
	if rival.Where != "" {
		m.where = rival.Where
	}
	r := Rival{Name: rival.Name, Where: b.condition(m.key+".where", m.where, b.sources[source]), Window: m.window, Within: f.Decl.Within}
	if rival.Within > 0 {
		r.Within = rival.Within
	}
	e, class, ok := b.value(m, source, f.Served, f.Class)
	if !ok {
		return
	}
	r.Value, r.Class, r.Agg, r.Windows = e, class, Aggregate(e.Aggregate), m.aggregate != ""
	f.Rivals = append(f.Rivals, r)
}

// value checks the expression of a feature: its argument under an aggregate, with the class that it is staged as.
func (b *builder) value(m meaning, source int, served string, class Class) (warehouse.Expression, Class, bool) {
	s := b.sources[source]
	if len(s.table.Files) == 0 || b.fatal != nil {
		return warehouse.Expression{}, "", false
	}
	suits := func(c Class) bool { return c != "" && (class == "" || comparable(class, c)) }
	if m.aggregate == "" {
		key := m.key + ".value"
		e, ok := b.expression(key, m.value, s, suits)
		if !ok {
			return e, "", false
		}
		return b.fits(key, e, ClassOf(e.Type), s, served, class)
	}
	key := m.key + ".aggregate"
	if m.window == nil {
		b.fail(key, "write window: with its length, as window: 6h", "an aggregate needs a window")
	}
	if b.p.Sources[source].Decl.At == "" {
		b.fail(key, "write at: with the event time of "+s.name, "a window needs a source with `at`")
	}
	e, err := b.aggregate(m.aggregate, s, suits)
	if err != nil {
		b.said(key, err)
		return e, "", false
	}
	inner := ClassOf(e.Type)
	switch Aggregate(e.Aggregate) {
	case Avg, Sum:
		if inner != Number {
			b.fail(key, "give it a number, as cast(... as integer)", "%s of %s, want a number", e.Aggregate, typeName(e.Type))
			return e, "", false
		}
	case Count, CountDistinct:
		if e.SQL != "" && inner == "" {
			b.fail(key, "give it a number, a boolean, text or a timestamp", "%s of %s, which cannot be staged", e.Aggregate, typeName(e.Type))
			return e, "", false
		}
		if class != "" && !comparable(class, Number) {
			b.fail(key, "name the column that was served as a number", "it gives a number, column %q was served as %s", served, class)
			return e, "", false
		}
		if e.SQL == "" {
			return e, "", true
		}
		return b.instant(key, e, inner, s)
	}
	return b.fits(key, e, inner, s, served, class)
}

// fits makes sure that a value can equal what was served.
func (b *builder) fits(key string, e warehouse.Expression, inner Class, s *side, served string, class Class) (warehouse.Expression, Class, bool) {
	switch {
	case inner == "":
		b.fail(key, "give a number, a boolean, text or a timestamp", "it is %s, which cannot be compared", typeName(e.Type))
		return e, "", false
	case class != "" && !comparable(class, inner):
		b.fail(key, "cast the expression to what is served", "it is %s (%s), column %q was served as %s", e.Type, inner, served, class)
		return e, "", false
	}
	return b.instant(key, e, inner, s)
}

// instant turns an expression that gives instants into one of type TIMESTAMP in UTC; others stay as they are.
func (b *builder) instant(key string, e warehouse.Expression, class Class, s *side) (warehouse.Expression, Class, bool) {
	if class != Instant {
		return e, class, true
	}
	text := "(" + e.SQL + ")"
	switch form := formOf(e.Type); {
	case form == Zoned:
		text += " at time zone 'UTC'"
	case zoneFor(form, s.zone) == "UTC":
		text = "cast(" + text + " as timestamp)"
	default:
		text = "(cast(" + text + " as timestamp) at time zone '" + strings.ReplaceAll(s.zone, "'", "''") + "') at time zone 'UTC'"
	}
	utc, ok := b.expression(key, text, s, func(Class) bool { return true })
	utc.Aggregate = e.Aggregate
	return utc, class, ok
}

func (b *builder) sourceValue(source int, e warehouse.Expression, class Class) int {
	s := &b.p.Sources[source]
	e.Aggregate = ""
	i := slices.IndexFunc(s.Values, func(v SourceValue) bool { return v.Expr.SQL == e.SQL })
	if i < 0 {
		i = len(s.Values)
		s.Values = append(s.Values, SourceValue{Index: i, Expr: e, Class: class})
	}
	return i
}

func (b *builder) sourceFilter(source int, e warehouse.Expression) int {
	s := &b.p.Sources[source]
	i := slices.IndexFunc(s.Filters, func(f SourceFilter) bool { return f.Expr.SQL == e.SQL })
	if i < 0 {
		i = len(s.Filters)
		s.Filters = append(s.Filters, SourceFilter{Index: i, Expr: e})
	}
	return i
}

// scorer makes sure that the features can be columns of the file that the scorer reads: it knows the rows by prediction_id, and names that
// differ in case alone are one column.
func (b *builder) scorer() {
	if b.l.Scorer == nil {
		return
	}
	seen := map[string]string{"prediction_id": "the prediction's id"}
	for i := range b.l.Features {
		name := b.l.Features[i].Name
		if other, ok := seen[strings.ToLower(name)]; ok {
			b.fail("features."+name, "name the feature otherwise, and its column with served:", "the scorer's file has a column %q already, %s", strings.ToLower(name), other)
		}
		seen[strings.ToLower(name)] = "feature " + name
	}
}
