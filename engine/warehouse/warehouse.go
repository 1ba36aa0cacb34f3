// Package warehouse is where SQL runs: one embedded DuckDB connection that renders a stage, binds its parameters and
// runs it. SQL text lives in package sql; names enter it only through ident, user SQL only as a checked Expression,
// values only as bound parameters.
package warehouse

// Expression is user SQL that was parsed, checked and written out again by DuckDB: one scalar expression over known
// columns, without sub-query, table function, window, aggregate, parameter or volatile function. For an aggregate it is
// the aggregate's argument.
type Expression struct {
	SQL       string   // normalised text, safe to place in a stage between parentheses
	Columns   []string // columns that it reads, each once, in order of first use, as spelt in the file
	Aggregate string   // avg, sum, count, min, max, count_distinct; "" for a scalar. count(*) has SQL "".
	Type      string   // DuckDB type of SQL over those columns
}
