package intake

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/fixtures/lake"
)

var (
	put   = lake.Put
	house = lake.Open
	told  = lake.Told
)

// describe gives name and type of the columns of a query.
func describe(t testing.TB, db *sql.DB, query string, args ...any) ([]Column, error) {
	t.Helper()
	rows, err := db.Query("select column_name, column_type from (describe "+query+")", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var columns []Column
	for rows.Next() {
		var c Column
		if err := rows.Scan(&c.Name, &c.Type); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(c.Type, "STRUCT") || strings.HasPrefix(c.Type, "MAP") || strings.HasSuffix(c.Type, "]") {
			c.Type = Nested
		}
		columns = append(columns, c)
	}
	return columns, rows.Err()
}

// written is a loop over dir whose inputs have the given paths; sources are named a, b, ...
func written(dir, predictions, outcomes string, sources ...string) *loop.Loop {
	l := &loop.Loop{File: "loop.yaml", Dir: dir}
	l.Predictions.Path, l.Outcomes.Path = predictions, outcomes
	for i, path := range sources {
		l.Sources = append(l.Sources, loop.Source{Name: string(rune('a' + i)), Path: path})
	}
	return l
}
