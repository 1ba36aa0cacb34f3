package plan

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/spelling"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// side is one input as the plan reads it.
type side struct {
	name  string // as in Plan.Reading
	table *intake.Table
	zone  string          // declared for it or for the loop; "" when none is
	text  map[string]bool // CSV columns to be read as VARCHAR, whatever they look like
	// settled are the types of columns without a value, by name: what the first use that needs a type made of them.
	settled map[string]string
}

// settle gives a column without a value the type that its use needs; others stay as they are.
func (s *side) settle(c intake.Column, typ string) intake.Column {
	if c.Void && s.settled[c.Name] == "" && !s.text[c.Name] {
		s.settled[c.Name] = typ
		c.Type = typ
	}
	return c
}

// open are the columns without a value that no use has settled yet.
func (s *side) open() []string {
	var names []string
	for _, c := range s.table.Columns {
		if c.Void && s.settled[c.Name] == "" && !s.text[c.Name] {
			names = append(names, c.Name)
		}
	}
	return names
}

// pin has a CSV column read as text; of Parquet files nothing changes.
func (s *side) pin(column string) {
	if s.table.Format == intake.CSV {
		s.text[column] = true
	}
}

// columns are what an expression over the side's rows may read, pinned ones as text; nested ones it will be refused.
func (s *side) columns() []warehouse.Column {
	var all []warehouse.Column
	for _, c := range s.table.Columns {
		all = append(all, warehouse.Column{Name: c.Name, Type: s.typeOf(c)})
	}
	return all
}

// typeOf is the type that a column is read as.
func (s *side) typeOf(c intake.Column) string {
	if s.text[c.Name] {
		return "VARCHAR"
	}
	return cmp.Or(s.settled[c.Name], c.Type)
}

// partition tells a column that the names of folders give, and not the files.
func (s *side) partition(name string) bool {
	_, ok := s.table.Column(name)
	return ok && s.table.Hive && !inFiles(s.table, name)
}

// item is the key of one item of a list or map: a mistake in it is shown at the item, under the name of the whole.
func (b *builder) item(key, name string) string {
	b.shown[key+"."+name] = key
	return key + "." + name
}

// fail keeps a mistake of the loop file at key.
func (b *builder) fail(key, fix, format string, args ...any) {
	p, at := b.l.At(key), b.l.Where(key)
	if whole, ok := b.shown[key]; ok {
		key = whole
	}
	f := fault.Usage(at, fix, "%s: %s", key, fmt.Sprintf(format, args...))
	if text := f.Error(); !b.told[text] {
		b.told[text] = true
		b.faults = append(b.faults, placed{p, f})
	}
}

// column finds the column that key names; a name that is not there is a mistake.
func (b *builder) column(key string, s *side, name string) (intake.Column, bool) {
	if c, ok := s.table.Column(name); ok {
		c.Type = cmp.Or(s.settled[name], c.Type)
		return c, true
	}
	if len(s.table.Files) == 0 {
		return intake.Column{}, false
	}
	b.fail(key, suggest(name, s.table), "column %q is not in %s", name, s.table.Path)
	return intake.Column{}, false
}

// scalar finds a column that may be of any type but a nested one.
func (b *builder) scalar(key string, s *side, name string) (intake.Column, bool) {
	c, ok := b.column(key, s, name)
	if ok && !isScalar(c.Type) {
		b.fail(key, "write it as a column of its own", "column %q of %s is nested (a list, map or struct) or a geometry", name, s.table.Path)
		return c, false
	}
	return c, ok
}

// number finds a column of numbers.
func (b *builder) number(key string, s *side, name, fix string) {
	c, ok := b.column(key, s, name)
	if c = s.settle(c, "DOUBLE"); ok && !intake.IsNumber(c.Type) {
		b.fail(key, fix, "column %q of %s is %s, want a number", name, s.table.Path, c.Type)
	}
}

// rows finds a column of row counts; name may be "".
func (b *builder) rows(key string, s *side, name string) string {
	if name == "" {
		return ""
	}
	c, ok := b.column(key, s, name)
	if c = s.settle(c, "BIGINT"); ok && !intake.IsWhole(c.Type) {
		b.fail(key, "write it as BIGINT", "column %q of %s is %s, want whole numbers", name, s.table.Path, c.Type)
	}
	return name
}

// clock finds a column of instants; name may be "", for none. A CSV column of instants is read as text, so that an
// offset in it counts.
func (b *builder) clock(key string, s *side, name string) Clock {
	if name == "" {
		return Clock{}
	}
	c, ok := b.column(key, s, name)
	if !ok {
		return Clock{}
	}
	if s.table.Format == intake.Parquet {
		c = s.settle(c, zoned)
	}
	form := formOf(c.Type)
	switch {
	case form == "" && intake.IsNumber(c.Type):
		b.fail(key, "write it as a UTC timestamp", "column %q of %s is %s, want instants", name, s.table.Path, c.Type)
		return Clock{}
	case form == "":
		b.fail(key, "write it as a UTC timestamp", "column %q of %s is %s, want a timestamp, a date or text in ISO 8601",
			name, s.table.Path, typeName(c.Type))
		return Clock{}
	}
	if s.table.Format == intake.CSV {
		s.pin(name)
		if s.zone == "" && (form == Naive || form == Date) {
			b.fail(key, "write timezone: UTC, or the zone that the clock was in, beside it", "column %q of %s holds times without a zone, and no timezone is written",
				name, s.table.Path)
		}
		form = Words
	}
	return Clock{Column: name, Form: form, Zone: zoneFor(form, s.zone)}
}

// ClockOf says how a Parquet column of a type becomes a TIMESTAMP in UTC, in the zone given where it has none of its own.
func ClockOf(column, typ, zone string) Clock {
	form := formOf(typ)
	return Clock{Column: column, Form: form, Zone: zoneFor(form, zone)}
}

// zoneFor gives the zone in which a clock of a form is read: none for one with a zone; what is declared; else UTC, but
// none for text, whose offsets must then be written.
func zoneFor(form Form, declared string) string {
	switch {
	case form == Zoned:
		return ""
	case declared == "" && form != Words:
		return "UTC"
	}
	return declared
}

func typeName(typ string) string {
	if typ == intake.Nested {
		return "nested (a list, map or struct)"
	}
	return typ
}

// said gives the loop file's place to a mistake that the warehouse found in an expression. Any other error ends Build.
func (b *builder) said(key string, err error) {
	var f *fault.Fault
	if !errors.As(err, &f) || !f.Usage {
		b.fatal = errors.Join(b.fatal, fmt.Errorf("%s: %w", key, err))
		return
	}
	b.fail(key, f.Fix, "%s", f.Error())
}

// suggest names the columns that a misspelt one may stand for.
func suggest(name string, t *intake.Table) string {
	var near, all []string
	lower := strings.ToLower(name)
	limit := max(1, (len(name)+1)/3)
	distance := map[string]int{}
	for _, c := range t.Columns {
		if strings.EqualFold(c.Name, name) {
			return fmt.Sprintf("write %q: names are spelt as in the file", c.Name)
		}
		all = append(all, c.Name)
		distance[c.Name] = spelling.Distance(lower, strings.ToLower(c.Name))
		if distance[c.Name] <= limit {
			near = append(near, c.Name)
		}
	}
	slices.SortStableFunc(near, func(a, b string) int { return distance[a] - distance[b] })
	if len(near) > 0 {
		return "did you mean " + quoted(near[:min(3, len(near))], 3, " or ") + "?"
	}
	return "its columns are " + quoted(all, 12, ", ")
}

// quoted lists at most n names.
func quoted(names []string, n int, between string) string {
	var out []string
	for i, name := range names {
		if i == n {
			return strings.Join(out, between) + fmt.Sprintf(" and %d more", len(names)-n)
		}
		out = append(out, fmt.Sprintf("%q", name))
	}
	return strings.Join(out, between)
}
