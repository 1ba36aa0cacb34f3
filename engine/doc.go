// Package engine runs a night. In order: the loop file is read (loop), its files are opened and their footers read
// (intake), every name, type and expression is held against them (plan); then SQL (warehouse, sql/duckdb) meets
// predictions with outcomes (match), recomputes what each feature should have been (replay), names the data conditions
// of each prediction (condition) and reduces days to cells; the ledger takes the days in (ledger), rows
// that findings hit are scored anew as they should have been (repair), the evaluations are asked of cells and of that (attribution), and the
// last of them is written down (report). What differs is tried against the catalogue of
// causes (cause), and what others wrote down of jobs and data (lineage), or what footers tell, is added as evidence. Explain
// tells a finding again from what the ledger kept of it.
package engine
