// Package loop is the loop file: one model whose predictions are checked against outcomes. It parses the YAML
// strictly, fills in defaults, and reports every mistake at once as file:line:col, what was found, and what to write.
// It opens no data and runs no SQL: package plan holds the loop against its files.
package loop

import (
	"fmt"
	"strings"
	"time"
)

// Task is what the model predicts.
type Task string

// Tasks.
const (
	Binary     Task = "binary"
	Regression Task = "regression"
)

// Loss is the per-row loss. Binary: log_loss (nats), brier, zero_one. Regression: absolute_error, squared_error.
type Loss string

// Losses.
const (
	LogLoss       Loss = "log_loss"
	Brier         Loss = "brier"
	ZeroOne       Loss = "zero_one"
	AbsoluteError Loss = "absolute_error"
	SquaredError  Loss = "squared_error"
)

// Choice says which of several rows of one id or key counts.
type Choice string

// Choices. Reject makes a repeated id or key an error of the data.
const (
	First  Choice = "first"
	Latest Choice = "latest"
	Reject Choice = "reject"
)

// Cardinality is how many source rows a prediction should meet.
type Cardinality string

// Cardinalities. ExpectAny is an absent `expect`: nothing is promised.
const (
	ExpectAny      Cardinality = ""
	ExpectOne      Cardinality = "one"
	ExpectOptional Cardinality = "optional"
	ExpectMany     Cardinality = "many"
)

// Loop is a parsed loop file with defaults filled in.
type Loop struct {
	File  string // the path as given on the command line
	Dir   string // the folder that relative paths start from
	Bytes []byte // the file itself: part of a run's identity

	Name       string
	Task       Task
	Loss       Loss
	Timezone   string         // as written; "" when absent
	Location   *time.Location // UTC when absent: how instants without a zone are read
	Retain     time.Duration  // default 35 days; row-level fingerprints kept
	MaxInvalid float64        // default 0.001; share in [0, 1]

	Predictions Predictions
	Outcomes    Outcomes
	Sources     []Source  // in the file's order
	Features    []Feature // in the file's order
	Baseline    Baseline
	Evaluate    Evaluate
	Scorer      *Scorer // nil when absent
	Lineage     Lineage
	Warehouse   Warehouse

	positions map[string]Position
}

// Position is a place in the loop file; line and column count from 1.
type Position struct{ Line, Col int }

// Origin is the lineage that any input may declare.
type Origin struct{ Job, Namespace, Owner string }

// Pair names a source or outcome column and the prediction column that it must equal.
type Pair struct{ Prediction, Other string }

// Predictions describes the prediction log.
type Predictions struct {
	Path, Table string // exactly one is set; Path is as written
	Timezone    string // overrides the loop's; "" when absent
	ID          string
	At          string
	FeaturesAt  string // "" when absent: At is used
	Score       string
	Version     string   // "" when absent
	Entity      []string // may be empty
	KnownAt     string   // "" when absent: At is used
	Duplicates  Choice   // default first
	Segments    []string // may be empty
	Weight      string   // "" when absent: every row stands for one
	Origin
}

// Outcomes describes what the world did.
type Outcomes struct {
	Path, Table string
	Timezone    string
	On          []Pair
	Value       string // a column; exactly one of Value and Derive is set
	Derive      string // a scalar SQL expression over the outcome's columns
	At          string
	KnownAt     string        // "" when absent: At is used
	Horizon     time.Duration // > 0
	Duplicates  Choice        // default latest
	Snapshot    bool
	Definitions []OutcomeDefinition
	Origin
}

// OutcomeDefinition is a rival meaning of the outcome.
type OutcomeDefinition struct{ Name, Value, Derive string }

// Source describes a table that features are computed from.
type Source struct {
	Name        string
	Path, Table string
	Key         []Pair        // Other is the source column
	ID          []string      // may be empty: every delivered row counts
	Where       string        // "" when absent
	At          string        // "" for a static table
	KnownAt     string        // "" when absent: At is used
	Expect      Cardinality   //
	FreshWithin time.Duration // 0 when nothing is promised
	ServedAt    string        // prediction column; "" when absent
	ServedRows  string        // prediction column; "" when absent
	Columns     []ColumnContract
	Contract    string // path of an ODCS file; "" when absent
	Snapshot    bool
	Timezone    string
	Origin
}

// ColumnContract promises a column and its type (a DuckDB type name as written).
type ColumnContract struct{ Name, Type string }

// Feature describes one served value.
type Feature struct {
	Name        string
	Served      string // the prediction column; default Name
	Source      string // "" for a request feature
	Key         []Pair // overrides the source's key; empty when absent
	Value       string // SQL scalar over a source row; exactly one of Value and Aggregate is set when Source is
	Aggregate   string // SQL aggregate as written: avg | sum | count | min | max | count_distinct of an expression
	Where       string // in addition to the source's
	Window      *Window
	Within      time.Duration // 0 when absent: any age
	Default     *Default      // nil when absent
	Tolerance   *float64      // absolute; nil means 1e-6 relative
	ServedAt    string        // overrides the source's
	ServedRows  string        // overrides the source's
	Definitions []FeatureDefinition

	origin Origin
}

// Origin returns the lineage of the job that computes the feature, if the loop file declares one.
func (f Feature) Origin() Origin { return f.origin }

// FeatureDefinition is a rival meaning of the feature; an empty field means as in the feature itself.
type FeatureDefinition struct {
	Name      string
	Value     string
	Aggregate string
	Where     string
	Window    *Window
	Within    time.Duration
}

// Window is the time that an aggregate looks back over: (t - Offset - Length, t - Offset]. With Align, t is first
// floored to the UTC unit.
type Window struct {
	Length time.Duration // > 0
	Offset time.Duration // >= 0
	Align  string        // "", "hour", "day" or "week" (weeks start on Monday)
}

// Default is what serving puts where the value is null. Scalars are kept as written in YAML: a number, text or boolean.
type Default struct {
	All       any            // set when one value serves every version
	ByVersion map[string]any // set when versions differ
}

// Baseline is what a window is compared with: the trailing healthy days within reach, or a fixed interval of days.
type Baseline struct {
	Trailing time.Duration // default 28 days
	Reach    time.Duration // default 90 days
	From, To time.Time     // UTC midnights; zero unless fixed
}

// Evaluate says what is judged at a day boundary.
type Evaluate struct {
	Window     time.Duration // whole days, default 7 days
	MinMatched int           // default 500
	MinEffect  float64       // relative to baseline loss, default 0.01
	FDR        float64       // default 0.01
}

// Scorer is a command that scores repaired features.
type Scorer struct {
	Command []string
	Timeout time.Duration // default 10 minutes
}

// Lineage names optional evidence: OpenLineage event files (a glob) and a dbt target folder.
type Lineage struct{ OpenLineage, DBT string }

// Warehouse says where SQL runs. Trino is nil for the embedded DuckDB.
type Warehouse struct{ Trino *Trino }

// Trino names a coordinator and the default catalog and schema of `table:` inputs.
type Trino struct{ URL, Catalog, Schema string }

// At returns where the loop file says the thing at a dotted path such as "sources.weather.key", or of its nearest
// parent that is written; the file's start when nothing is.
func (l *Loop) At(path string) Position {
	for {
		if p, ok := l.positions[path]; ok {
			return p
		}
		i := strings.LastIndexByte(path, '.')
		if i < 0 {
			return Position{Line: 1, Col: 1}
		}
		path = path[:i]
	}
}

// Where is the place of the thing at a dotted path, as At finds it, for messages: file:line:col.
// A loop that no file was read for has no places: its inputs are named on the command line.
func (l *Loop) Where(path string) string {
	if l.File == "" {
		return "the command line"
	}
	return l.At(path).in(l.File)
}

func (p Position) in(file string) string {
	return fmt.Sprintf("%s:%d:%d", file, p.Line, p.Col)
}
