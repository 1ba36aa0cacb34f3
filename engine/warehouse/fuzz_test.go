package warehouse

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// FuzzScalar: a text is either refused with a usage fault, or comes back as SQL that is one select item wherever it is
// placed between parentheses, reads known columns only, and holds nothing that was to be refused.
func FuzzScalar(f *testing.F) {
	for _, seed := range []string{
		"a + 1", `"Dep Delay" > 15`, "case when a > 1 then 'x' else s end", "nullif(a, 0)", "s = 'it''s; drop table t --'", "st.g.h",
		"list[1:2]", "{'x': a}['x']", "extract(hour from ts) + (date '2013-07-22' - d)", "s::decimal(10, 2)", "e'\\x41'", "$$a$$", "a -- c",
		"a from t; drop table t --", "(select 1)", "random()", "sum(a) over ()", "columns(*)", "? + $1", "a as x", "j -> '$.a'", "x'00'",
		"1e400", "interval 3 hours + ts", "s collate nocase", "map {'a': 1}", "-(-a)", "not not flag", "a::struct(x int)", "age(ts)",
		`U&"d\0061t"`, "a !~ 'x'", "0x1F", "a[1][2]", "try_cast(s as enum('x', 'y'))", "flag is not true", "s similar to 'x' escape '#'",
	} {
		f.Add(seed)
	}
	db := open(f, nil)
	columns := departures()
	f.Fuzz(func(t *testing.T, input string) {
		got, err := db.Scalar(t.Context(), input, columns)
		if err != nil {
			var found *fault.Fault
			if !errors.As(err, &found) || !found.Usage || found.Fix == "" {
				t.Fatalf("%q: %v is not a usage fault", input, err)
			}
			return
		}
		if got.Type == "" || got.SQL == "" || got.Aggregate != "" {
			t.Fatalf("%q: %+v", input, got)
		}
		var parsed struct {
			Error      bool
			Statements []struct {
				Node struct {
					SelectList []any `json:"select_list"`
					From       struct {
						Table string `json:"table_name"`
					} `json:"from_table"`
					Where     any               `json:"where_clause"`
					Modifiers []json.RawMessage `json:"modifiers"`
				}
			}
		}
		raw := text(t, db, "select json_serialize_sql($1::varchar)::varchar", "select ("+got.SQL+") from t")
		if err := json.Unmarshal([]byte(raw), &parsed); err != nil {
			t.Fatalf("%q: %s: %v", input, got.SQL, err)
		}
		if parsed.Error || len(parsed.Statements) != 1 || len(parsed.Statements[0].Node.SelectList) != 1 ||
			parsed.Statements[0].Node.From.Table != "t" || parsed.Statements[0].Node.Where != nil || len(parsed.Statements[0].Node.Modifiers) > 0 {
			t.Fatalf("%q: %s is more than one expression", input, got.SQL)
		}
		var read []string
		columnsOf(t, parsed.Statements[0].Node.SelectList[0], &read)
		if !equalSets(read, got.Columns) {
			t.Fatalf("%q: %s reads %v, said %v", input, got.SQL, read, got.Columns)
		}
		for _, name := range read {
			if !slices.ContainsFunc(columns, func(c Column) bool { return c.Name == name }) {
				t.Fatalf("%q: %s reads the unknown column %q", input, got.SQL, name)
			}
		}
		again, err := db.Scalar(t.Context(), got.SQL, columns)
		if err != nil || again.SQL != got.SQL || again.Type != got.Type {
			t.Fatalf("%q: %+v is again %+v, %v", input, got, again, err)
		}
	})
}

// columnsOf gathers the columns of a parsed expression, and fails on a class of expression that was to be refused.
func columnsOf(t *testing.T, value any, names *[]string) {
	t.Helper()
	switch v := value.(type) {
	case []any:
		for _, inner := range v {
			columnsOf(t, inner, names)
		}
	case map[string]any:
		switch v["class"] {
		case "SUBQUERY", "WINDOW", "PARAMETER", "STAR", "POSITIONAL_REFERENCE", "DEFAULT", "LAMBDA", "LAMBDA_REF":
			t.Fatalf("holds a %v", v["class"])
		case "COLUMN_REF":
			path := v["column_names"].([]any)
			if len(path) != 1 {
				t.Fatalf("reads %v", path)
			}
			*names = append(*names, path[0].(string))
		}
		for _, inner := range v {
			columnsOf(t, inner, names)
		}
	}
}

func equalSets(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}
