// Package sql holds the stages: numbered, commented SQL templates, one folder per dialect. It is here because go:embed
// cannot reach a sibling folder; nothing but files lives in it. What several stages share is a partial, named by its {{define}}.
package sql

import "embed"

// Files holds duckdb/NNN_name.sql.
//
//go:embed duckdb/*.sql duckdb/partials/*.sql
var Files embed.FS
