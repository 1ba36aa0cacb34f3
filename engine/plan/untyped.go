package plan

import (
	"errors"
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// A column without a value says nothing of its type: of a CSV file that has only its header yet DuckDB calls every column
// text, of a Parquet column that holds only nulls it makes whole numbers. Such a column takes the type that its first use
// needs, so that a first night without outcomes is a night like others.

// kinds are the types that a column without a value is tried as, besides its own.
var kinds = []string{"DOUBLE", "VARCHAR", zoned, "BOOLEAN"}

// typeFor is the type of a column without a value that holds values of a class; "" for none.
var typeFor = map[Class]string{Number: "DOUBLE", Boolean: "BOOLEAN", Text: "VARCHAR", Instant: zoned}

// try checks an expression over the columns of s; where it fails or does not suit, again with each kind of type for the
// columns without a value. What it reads of them is settled then. The error is that of the columns as they are.
func (b *builder) try(s *side, suits func(Class) bool, check func([]warehouse.Column) (warehouse.Expression, error)) (warehouse.Expression, error) {
	columns, open := s.columns(), s.open()
	e, err := check(columns)
	if len(open) == 0 || err == nil && suits(ClassOf(e.Type)) || !isUsage(err) {
		s.settleAll(e.Columns, columns)
		return e, err
	}
	for _, kind := range kinds {
		columns := slices.Clone(columns)
		for i := range columns {
			if slices.Contains(open, columns[i].Name) {
				columns[i].Type = kind
			}
		}
		if e, err := check(columns); err == nil && suits(ClassOf(e.Type)) {
			s.settleAll(e.Columns, columns)
			return e, nil
		}
	}
	return e, err
}

// isUsage tells a mistake of the user's from one of the warehouse; no error is neither, and may be tried again.
func isUsage(err error) bool {
	var f *fault.Fault
	return err == nil || errors.As(err, &f) && f.Usage
}

// settleAll settles the named columns as they were read.
func (s *side) settleAll(names []string, columns []warehouse.Column) {
	for _, read := range columns {
		if c, ok := s.table.Column(read.Name); ok && slices.Contains(names, read.Name) {
			s.settle(c, read.Type)
		}
	}
}

// aggregate checks an aggregate over the rows of a side. What is counted may be of any class.
func (b *builder) aggregate(text string, s *side, suits func(Class) bool) (warehouse.Expression, error) {
	var found warehouse.Expression
	return b.try(s, func(c Class) bool {
		switch Aggregate(found.Aggregate) {
		case Count, CountDistinct:
			return c != "" || found.SQL == ""
		case Avg, Sum:
			return c == Number
		}
		return suits(c)
	}, func(columns []warehouse.Column) (warehouse.Expression, error) {
		var err error
		found, err = b.db.Aggregate(b.ctx, text, columns)
		return found, err
	})
}

// servedType is the type of a served column without a value: that of its default, else of what it replays as; text where
// neither says more.
func (b *builder) servedType(d *loop.Feature) string {
	if d.Default != nil {
		value := d.Default.All
		for _, v := range d.Default.ByVersion {
			value = v
		}
		if _, isText := value.(string); !isText {
			if _, isBool := value.(bool); isBool {
				return typeFor[Boolean]
			}
			return typeFor[Number]
		}
	}
	i := slices.IndexFunc(b.l.Sources, func(s loop.Source) bool { return s.Name == d.Source })
	if i < 0 {
		return "VARCHAR"
	}
	var e warehouse.Expression
	var err error
	if d.Aggregate != "" {
		e, err = b.db.Aggregate(b.ctx, d.Aggregate, b.sources[i].columns())
	} else {
		e, err = b.db.Scalar(b.ctx, d.Value, b.sources[i].columns())
	}
	class := ClassOf(e.Type)
	if slices.Contains([]Aggregate{Avg, Sum, Count, CountDistinct}, Aggregate(e.Aggregate)) {
		class = Number
	}
	if err != nil || class == "" {
		return "VARCHAR"
	}
	return typeFor[class]
}

// Reading is what a stage needs to read an input's files.
type Reading struct {
	CSV, Hive bool
	Delimiter string // of CSV files
	// Types are the columns of CSV files with the types to read them as: what all files together allow for, but text for
	// instants, whose offsets a reader would drop; for prediction ids, versions, entities and segments, which are names and
	// not numbers; for keys that meet text.
	Types []warehouse.Column
	// Void are the columns of Parquet files that hold no value, with the types to read them as.
	Void []warehouse.Column
}

// Reading says how to read an input: "predictions", "outcomes" or a source's name.
func (p *Plan) Reading(input string) Reading {
	t := p.Inventory.Table(input)
	if t == nil {
		return Reading{}
	}
	s := side{table: t, text: p.text[input], settled: p.settled[input]}
	r := Reading{CSV: t.Format == intake.CSV, Hive: t.Hive}
	if len(t.Files) > 0 {
		r.Delimiter = t.Files[0].Delimiter
	}
	for _, c := range t.Columns {
		read := warehouse.Column{Name: c.Name, Type: s.typeOf(c)}
		switch {
		case r.CSV && inFiles(t, c.Name):
			r.Types = append(r.Types, read)
		case !r.CSV && s.settled[c.Name] != "":
			r.Void = append(r.Void, read)
		}
	}
	return r
}

// ReadingOf says how to read one file of an input alone.
func (p *Plan) ReadingOf(input string, f *intake.File) Reading {
	r := p.Reading(input)
	elsewhere := func(c warehouse.Column) bool {
		return !slices.ContainsFunc(f.Columns, func(own intake.Column) bool { return strings.EqualFold(own.Name, c.Name) })
	}
	r.Types, r.Void = slices.DeleteFunc(r.Types, elsewhere), slices.DeleteFunc(r.Void, elsewhere)
	return r
}

// inFiles tells the columns of the files themselves from partition columns.
func inFiles(t *intake.Table, name string) bool {
	return slices.ContainsFunc(t.Files, func(f intake.File) bool {
		return slices.ContainsFunc(f.Columns, func(c intake.Column) bool { return strings.EqualFold(c.Name, name) })
	})
}
