// Package intake knows the files before a row is read: which there are, what their footers say (schema, writer, time
// flags, row counts), their digests, and whether they keep their contracts.
package intake

// Format is how a file is stored.
type Format string

// Formats.
const (
	Parquet Format = "parquet"
	CSV     Format = "csv"
)

// TimeFlag says what a Parquet footer tells of a column of instants.
type TimeFlag string

// Time flags. UTC is isAdjustedToUTC=true, Local is false (a clock without zone), Int96 has no zone either.
const (
	NoTime TimeFlag = ""
	UTC    TimeFlag = "utc"
	Local  TimeFlag = "local"
	Int96  TimeFlag = "int96"
)

// Column is one column of a file, in the file's order.
type Column struct {
	Name string
	Type string // DuckDB's name for it: VARCHAR, DOUBLE, TIMESTAMP WITH TIME ZONE, ...
	Flag TimeFlag
	// Void is set in a Table when no file holds a value in the column: Type is then no more than a guess, and any other
	// would do. It is not set in a File.
	Void bool `json:"-"`
}

// File is one input file.
type File struct {
	Path   string // as opened
	Name   string // slash-separated, relative to the loop file's folder where it lies below it: what ledger and messages show
	Format Format
	Size   int64  // bytes
	Rows   int64  // -1 for CSV: not known before it is read
	Digest string // 64 hex of sha256: Parquet over size and footer bytes, CSV over content
	Writer string // Parquet created_by; "" for CSV
	// Delimiter parts the fields of a CSV file; all of an input's have the same.
	Delimiter string
	Columns   []Column
	SchemaID  uint16 // first 16 bits of sha256 over the columns' names, types and flags; never 0
	// Ranges and Zones are what else a Parquet footer tells of time. They are part of neither Digest nor SchemaID.
	Ranges []Range  // columns of instants or dates, where statistics tell their first and last value
	Zones  []string // time zones that the writer notes, in order: IANA names, or offsets such as +02:00
	// void are the columns that hold nothing but nulls. It is complete for Parquet files only.
	void map[string]bool
}

// Table is all files of one input; hive partition columns count as VARCHAR columns.
type Table struct {
	Input   string // "predictions", "outcomes", or the source's name
	Path    string // as declared in the loop file
	Format  Format
	Hive    bool
	Files   []File   // ordered by Name
	Columns []Column // union by name over the files, in order of first appearance
}

// Column finds a column by its exact name.
func (t *Table) Column(name string) (Column, bool) {
	for _, c := range t.Columns {
		if c.Name == name {
			return c, true
		}
	}
	return Column{}, false
}

// Inventory is every input of a loop. A path that several sources read is opened once; each keeps its own Table.
type Inventory struct {
	Predictions Table
	Outcomes    Table
	Sources     []Table  // in the loop file's order
	Broken      []Breach // contract promises that the footers break: findings, not failures
}

// Tables lists every input: predictions, outcomes, then the sources.
func (i *Inventory) Tables() []*Table {
	all := []*Table{&i.Predictions, &i.Outcomes}
	for s := range i.Sources {
		all = append(all, &i.Sources[s])
	}
	return all
}

// Table finds an input by its name; nil when there is none of it.
func (i *Inventory) Table(input string) *Table {
	for _, t := range i.Tables() {
		if t.Input == input {
			return t
		}
	}
	return nil
}

// Breach is a broken promise of a contract, seen before any row was read.
type Breach struct {
	Input, File, Column string
	Promised, Found     string // type names; Found is "" when the column is missing
}
