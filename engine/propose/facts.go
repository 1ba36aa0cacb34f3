package propose

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/plan"
)

// column is a column of an input with what a sample of its rows says of it.
type column struct {
	intake.Column
	Index int // position in the table: it names the columns of stages
	Class plan.Class
	Whole bool       // its type is one of whole numbers
	Keyed bool       // it can be a key: text, whole numbers, numbers without fraction, dates
	Clock plan.Clock // of instants and text

	sql                    string // its name in an expression, once that is asked for
	rows, filled, distinct int64  // sampled rows; those with a value; values that differ
	unit, fractionless     int64  // numbers in [0, 1]; numbers without a fraction
	numbers                int64  // text that holds a number
	least, greatest        float64
	first, last            string // least and greatest value as text
	instants, midnights    int64  // values that are instants; of these, at midnight
	unzoned                int64  // text that is an instant without an offset
	begins, ends           time.Time
}

// instant tells a column that holds nothing but instants, at least one.
func (c *column) instant() bool {
	return c.filled > 0 && c.instants == c.filled && (c.Class == plan.Instant || c.Class == plan.Text)
}

// Timed is instant, for stages.
func (c *column) Timed() bool { return c.instant() }

// clocklike tells instants that have a time of day.
func (c *column) clocklike() bool { return c.instant() && c.midnights < c.instants }

// full tells a column with a value in all but a thousandth of its rows.
func (c *column) full() bool { return c.filled > 0 && (c.rows-c.filled)*1000 <= c.rows }

// unique tells a full column without a repeated value.
func (c *column) unique() bool { return c.full() && c.distinct == c.filled }

// numeric tells numbers and booleans, which compare as numbers.
func (c *column) numeric() bool { return c.Class == plan.Number || c.Class == plan.Boolean }

// within01 tells numbers that all lie in [0, 1].
func (c *column) within01() bool { return c.numeric() && c.filled > 0 && c.unit == c.filled }

// twoValued tells a column of two values, or of one of 0 and 1 alone.
func (c *column) twoValued() bool {
	if c.Class == plan.Text && (c.instant() || len(c.last) >= longestWord) {
		return false
	}
	return c.distinct == 2 || c.distinct == 1 && c.zeroOne()
}

// zeroOne tells numbers that are 0 or 1.
func (c *column) zeroOne() bool {
	return c.numeric() && c.filled > 0 && c.unit == c.filled && c.fractionless == c.filled
}

// longestWord is the length at which text is cut off in first and last.
const longestWord = 1000

// Worded tells text that may hold instants.
func (c *column) Worded() bool { return c.Class == plan.Text && c.Clock.Form == plan.Words }

// zoneless tells instants of which some have neither an offset nor a zone.
func (c *column) zoneless() bool {
	return c.instant() && (c.unzoned > 0 || c.Class == plan.Instant && c.Clock.Form != plan.Zoned)
}

// Bare is the clock of a text column without a zone for what has no offset.
func (c *column) Bare() plan.Clock {
	bare := c.Clock
	bare.Zone = ""
	return bare
}

// input is an input before a loop file says what it is for.
type input struct {
	Index   int // 0 predictions, 1 outcomes, 2 and on the sources
	Read    plan.Reading
	Columns []*column // those that have a value at all and are neither nested nor of a type without class

	name  string // as in the inventory
	table *intake.Table
	every int64 // one row in so many is sampled
}

// Instants are the columns that hold instants.
func (in *input) Instants() []*column {
	return slices.DeleteFunc(slices.Clone(in.Columns), func(c *column) bool { return !c.instant() })
}

// Keys are the columns that could be keys.
func (in *input) Keys() []*column {
	return slices.DeleteFunc(slices.Clone(in.Columns), func(c *column) bool { return !c.keyable() })
}

// at finds a column by its position.
func (in *input) at(index int) *column {
	return in.Columns[slices.IndexFunc(in.Columns, func(c *column) bool { return c.Index == index })]
}

// keyable tells a column whose values can be told apart as keys: of numbers, whole ones that a double holds exactly.
func (c *column) keyable() bool {
	return c.Keyed && c.filled > 0 && (!c.numeric() || c.fractionless == c.filled && (c.Whole || c.greatest < 9e15 && c.least > -9e15))
}

// named finds a column by its name, in any case of letters; nil where there is none.
func (in *input) named(name string) *column {
	for _, c := range in.Columns {
		if strings.EqualFold(c.Name, name) {
			return c
		}
	}
	return nil
}

const (
	sampledRows   = 200_000 // about how many rows of predictions and outcomes are looked at
	keyedRows     = 400_000 // about how many rows' key values are compared
	columnsAtOnce = 40      // columns whose facts one query asks for
	mostInstants  = 12      // columns of instants that are compared with each other: those whose names say most
	bytesOfCSVRow = 60      // a guess from below: a CSV file does not say how many rows it has
)

// thin gives the step at which about so many rows of a table are left.
func thin(t *intake.Table, rows int64) int64 {
	var all int64
	for i := range t.Files {
		if n := t.Files[i].Rows; n >= 0 {
			all += n
		} else {
			all += t.Files[i].Size / bytesOfCSVRow
		}
	}
	return max(1, (all+rows-1)/rows)
}

// take stages a sample of an input and learns what its columns hold. Sources are taken whole: rows are looked up in them.
func (p *proposer) take(ctx context.Context, index int, name string, t *intake.Table) (*input, error) {
	in := &input{Index: index, name: name, table: t, every: 1, Read: (&plan.Plan{Loop: p.loop, Inventory: p.inventory}).Reading(name)}
	if index < 2 {
		in.every = thin(t, sampledRows)
	}
	for i, c := range t.Columns {
		if one := describe(i, c, t.Format); one != nil {
			in.Columns = append(in.Columns, one)
		}
	}
	if t.Format == intake.CSV { // an offset in an instant is lost unless it is read as text
		for i := range in.Read.Types {
			if plan.ClassOf(in.Read.Types[i].Type) == plan.Instant {
				in.Read.Types[i].Type = "VARCHAR"
			}
		}
	}
	if len(in.Columns) == 0 {
		return in, nil
	}
	if err := p.db.Run(ctx, "700_stg_sampled", in, map[string]any{"paths": t.Paths(), "every": in.every}); err != nil {
		return nil, err
	}
	if err := p.learn(ctx, in); err != nil {
		return nil, err
	}
	in.Columns = slices.DeleteFunc(in.Columns, func(c *column) bool { return c.filled == 0 })
	return in, nil
}

// describe classes a column; nil for one that no stage can read as a value, or no loop file can name.
func describe(index int, c intake.Column, format intake.Format) *column {
	if strings.TrimSpace(c.Name) == "" || strings.ContainsFunc(c.Name, unicode.IsControl) {
		return nil
	}
	one := &column{Column: c, Index: index, Class: plan.ClassOf(c.Type), Whole: intake.IsWhole(c.Type)}
	switch one.Class {
	case "":
		return nil
	case plan.Instant:
		one.Clock = plan.ClockOf(c.Name, c.Type, "UTC")
		one.Keyed = one.Clock.Form == plan.Date
		if format == intake.CSV {
			one.Class, one.Clock, one.Keyed = plan.Text, plan.Clock{Column: c.Name, Form: plan.Words, Zone: "UTC"}, true
		}
	case plan.Text:
		if c.Type == "BLOB" {
			return nil
		}
		if one.Keyed = true; c.Type == "VARCHAR" {
			one.Clock = plan.Clock{Column: c.Name, Form: plan.Words, Zone: "UTC"}
		}
	case plan.Number:
		one.Keyed = true
	}
	return one
}

// learn reads what the sample says of each column, some columns at a time: a query of hundreds takes memory to plan.
func (p *proposer) learn(ctx context.Context, in *input) error {
	for from := 0; from < len(in.Columns); from += columnsAtOnce {
		some := *in
		some.Columns = in.Columns[from:min(from+columnsAtOnce, len(in.Columns))]
		if err := p.learnSome(ctx, &some); err != nil {
			return err
		}
	}
	return nil
}

func (p *proposer) learnSome(ctx context.Context, in *input) error {
	at := 0
	return p.db.Query(ctx, "701_out_column_facts", in, nil, func(rows *sql.Rows) error {
		c := in.Columns[at]
		at++
		var position int
		var least, greatest sql.NullFloat64
		var first, last sql.NullString
		var begins, ends sql.NullTime
		err := rows.Scan(&position, &c.rows, &c.filled, &c.distinct, &c.unit, &c.fractionless, &c.numbers, &least, &greatest, &first, &last,
			&c.instants, &c.midnights, &c.unzoned, &begins, &ends)
		c.least, c.greatest, c.first, c.last = least.Float64, greatest.Float64, first.String, last.String
		c.begins, c.ends = begins.Time.UTC(), ends.Time.UTC()
		if c.numeric() && least.Valid {
			c.first, c.last = strconv.FormatFloat(c.least, 'g', -1, 64), strconv.FormatFloat(c.greatest, 'g', -1, 64)
		}
		return err
	})
}

// order is how often two columns of instants stand in one order.
type order struct{ both, inOrder, unequal int64 }

// orders compares the columns of instants of an input with each other, by their positions.
func (p *proposer) orders(ctx context.Context, in *input) (map[[2]int]order, error) {
	all := map[[2]int]order{}
	columns := in.Instants()
	speaks := func(c *column) int {
		return max(atRole.fits(c.Name), eventRole.fits(c.Name), knownRole.fits(c.Name), featuresAtRole.fits(c.Name))
	}
	slices.SortStableFunc(columns, func(a, b *column) int { return speaks(b) - speaks(a) })
	columns = columns[:min(len(columns), mostInstants)]
	if len(columns) < 2 {
		return all, nil
	}
	data := struct {
		Index    int
		Instants []*column
	}{in.Index, columns}
	err := p.db.Query(ctx, "702_out_instant_orders", data, nil, func(rows *sql.Rows) error {
		var earlier, later int
		var o order
		err := rows.Scan(&earlier, &later, &o.both, &o.inOrder, &o.unequal)
		all[[2]int{earlier, later}] = o
		return err
	})
	return all, err
}

// follows tells whether the second of two columns of instants is hardly ever before the first, and mostly differs from it.
func follows(orders map[[2]int]order, earlier, later *column) bool {
	o := orders[[2]int{earlier.Index, later.Index}]
	return o.both > 0 && (o.both-o.inOrder)*100 <= o.both && o.unequal*2 > o.both
}
