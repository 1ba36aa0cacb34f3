// Package sql holds the stages: numbered, commented SQL templates, one folder per dialect. It is here because go:embed
// cannot reach a sibling folder; nothing but files lives in it. What several stages share is a partial, named by its {{define}}.
package sql

import "embed"

// Files holds duckdb/NNN_name.sql, and recipes/*.sql: statements for a person to run, which make flat files of logs that are not.
//
//go:embed duckdb/*.sql duckdb/partials/*.sql recipes/*.sql
var Files embed.FS
