// Package plan is the loop file held against its files: every name found, every type able to work, every expression
// checked, and the declarations turned into what the stages range over: keys, joins, lookups, windows, features.
package plan

import (
	"time"

	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Class is the kind of value that a column or expression has, as far as comparing goes.
type Class string

// Classes. Numbers and booleans compare as DOUBLE (true is 1), text as VARCHAR, instants as TIMESTAMP in UTC.
const (
	Number  Class = "number"
	Boolean Class = "boolean"
	Text    Class = "text"
	Instant Class = "instant"
)

// Clock says how a column becomes a TIMESTAMP in UTC.
type Clock struct {
	Column string // "" when the loop file names none
	Form   Form
	Zone   string // IANA zone in which a clock without zone is read; "" with Zoned, and with Words when none was declared
}

// Form is how a column holds instants.
type Form string

// Forms: TIMESTAMP WITH TIME ZONE; TIMESTAMP of any unit; DATE (midnight in Zone); VARCHAR in ISO 8601.
const (
	Zoned Form = "zoned"
	Naive Form = "naive"
	Date  Form = "date"
	Words Form = "text"
)

// KeyKind is what both sides of a join key are cast to before they meet.
type KeyKind string

// Key kinds. A key of whole numbers meets one of whole numbers of any width; everything else must be of one class.
const (
	KeyInteger KeyKind = "BIGINT"
	KeyDouble  KeyKind = "DOUBLE"
	KeyText    KeyKind = "VARCHAR"
	KeyDate    KeyKind = "DATE"
	KeyTime    KeyKind = "TIMESTAMP"
	KeyBool    KeyKind = "BOOLEAN"
)

// Plan is a resolved loop.
type Plan struct {
	Loop      *loop.Loop
	Inventory *intake.Inventory

	At, FeaturesAt, KnownAt Clock // of predictions; FeaturesAt and KnownAt have Column "" when not declared
	Keys                    []Key // prediction columns that any join uses, k_0, k_1, ...
	OutcomeKeys             []OutcomeKey
	OutcomeAt, OutcomeKnown Clock                // OutcomeKnown has Column "" when not declared
	OutcomeValue            warehouse.Expression // over the outcome's columns
	OutcomeRivals           []OutcomeRival       // other meanings of it

	Sources  []Source
	Joins    []Join
	Lookups  []Lookup
	Features []Feature

	// By input ("predictions", "outcomes" or a source's name): see Reading.
	text    map[string]map[string]bool
	settled map[string]map[string]string
}

// Key is a prediction column under a cast; Index names the staged column k_<Index>.
type Key struct {
	Index  int
	Column string
	Kind   KeyKind
}

// OutcomeKey is a column pair of outcomes.on; Index names the staged column o_<Index> on both sides.
type OutcomeKey struct {
	Index               int
	Prediction, Outcome string
	Kind                KeyKind
}

// OutcomeRival is a declared rival of what the outcome is worth, over the outcome's columns.
type OutcomeRival struct {
	Name  string
	Value warehouse.Expression
}

// Source is a staged source. Its table is stg_source_<Index>.
type Source struct {
	Index     int
	Decl      *loop.Source
	Table     *intake.Table
	At, Known Clock                 // At.Column is "" where no `at` is declared, Known.Column where no known_at is
	Static    bool                  // neither `at` nor known_at: the table as it is now
	HasKnown  bool                  // known_at is declared
	Where     *warehouse.Expression // nil when absent
	Keys      []SourceKey           // distinct source columns under a cast, over all joins of the source
	IDs       []string              // columns of `id`
	Values    []SourceValue         // v_0, v_1, ...: distinct value expressions of its features
	Filters   []SourceFilter        // w_0, w_1, ...: distinct feature-level filters
}

// SourceKey is a source column under a cast; Index names the staged column k_<Index> of stg_source_<source>.
type SourceKey struct {
	Index  int
	Column string
	Kind   KeyKind
}

// SourceValue is an expression over a source row; Index names the staged column v_<Index>.
type SourceValue struct {
	Index int
	Expr  warehouse.Expression
	Class Class // staged as DOUBLE for Number and Boolean, VARCHAR for Text, TIMESTAMP for Instant, of type TIMESTAMP in UTC already
}

// SourceFilter is a feature-level filter; Index names the staged column w_<Index> (BOOLEAN, never NULL).
type SourceFilter struct {
	Index int
	Expr  warehouse.Expression
}

// Join is a source and a key; its features share cardinality and staleness. Name is the source's name, with the
// prediction columns of the key in parentheses where a feature overrides the source's key: "arrivals(tailnum)".
type Join struct {
	Index  int
	Name   string
	Source int
	Keys   []JoinKey
	Head   int // the lookup that cardinality and staleness are taken from
	// Counted is set when the join has as-of or static features, so that cardinality is a condition of it.
	Counted bool
	// Within is the largest `within` of its features, for windows offset + length + the unit they are aligned to; 0 means
	// any age.
	Within     time.Duration
	ServedAt   Clock  // logged `at` of the row used; Column "" when not logged
	ServedRows string // logged row count; "" when not logged
}

// JoinKey pairs a staged prediction key with a staged source key (indexes into Plan.Keys and Source.Keys).
type JoinKey struct{ Prediction, Source int }

// Lookup is one as-of (or static) search: a join and one feature-level filter. All features with the same join and
// filter share it. Features may be empty: then it exists for its join's cardinality and staleness only.
type Lookup struct {
	Index    int
	Join     int
	Filter   int   // index into Source.Filters, -1 for none
	Features []int // indexes into Plan.Features
	Extra    []int // values of the source that are looked up for none of the plan's features
}

// Aggregate is what a windowed feature computes.
type Aggregate string

// Aggregates.
const (
	Avg           Aggregate = "avg"
	Sum           Aggregate = "sum"
	Count         Aggregate = "count"
	Min           Aggregate = "min"
	Max           Aggregate = "max"
	CountDistinct Aggregate = "count_distinct"
)

// Feature is a served value. Request features have Join -1. A default for instants is a string, "2006-01-02 15:04:05.999999"
// in UTC.
type Feature struct {
	Index   int
	Decl    *loop.Feature
	Served  string // prediction column
	Class   Class  // of the served column; staged as f_<Index>: DOUBLE, VARCHAR or TIMESTAMP
	Join    int    // -1 for a request feature
	Lookup  int    // -1 unless as-of or static
	Value   int    // index into Source.Values; -1 for a request feature and for count(*)
	Filter  int    // index into Source.Filters; -1 for none
	Agg     Aggregate
	Windows bool // an aggregate over a window
	Rivals  []Rival
	// Default is what serving puts for null: DefaultAll for every version, else DefaultBy version. Both are float64,
	// string or bool fitting Class; HasDefault is false when none is declared.
	HasDefault  bool
	DefaultAll  any
	DefaultBy   map[string]any
	ServedClock Clock  // how the served column becomes a TIMESTAMP; Column "" unless Class is Instant
	ServedAt    Clock  // of the feature itself; Column "" when not logged. Staged, and read by no condition
	ServedRows  string // logged rows in the window; "" when not logged. Without a window staged, and read by no condition
}

// Rival is another meaning that a feature is declared to have elsewhere.
type Rival struct {
	Name    string
	Value   warehouse.Expression // its argument under an aggregate; without SQL for count(*)
	Class   Class
	Agg     Aggregate
	Windows bool
	Where   *warehouse.Expression // nil for none
	Window  *loop.Window
	Within  time.Duration
}

// Columns are what an expression over an input's rows may read, under the types that they are read as.
func (p *Plan) Columns(input string) []warehouse.Column {
	t := p.Inventory.Table(input)
	if t == nil {
		return nil
	}
	s := side{table: t, text: p.text[input], settled: p.settled[input]}
	return s.columns()
}
