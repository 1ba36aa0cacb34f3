package engine_test

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/plumbline-data/plumbline/engine/plan"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

var updateStages = flag.Bool("update", false, "rewrite want.csv of the stage cases")

// TestStages runs each case under fixtures/stages/<stage>: an archive whose comment is the sentence that it proves, with
//
//	<table>.csv  an input table. Its header gives each column's type: row_no:BIGINT,k_0:VARCHAR. A blank field is NULL,
//	             '' the empty text. Rows have rowid 0, 1, ... in the file's order; a line of # is a remark.
//	data.json    {"data": what the template ranges over, "params": what it binds, "before": [stages to run first]}, any
//	             of them left out. {"expr": "a + 1"} is an expression, {"clock": {"Column", "Form", "Zone"}} a clock. Each
//	             stage takes those params that it names.
//	want.csv     what the stage leaves, ordered by all columns. Its header picks the columns, all where it is blank.
//
// "go test ./engine -run TestStages -update" writes want.csv anew.
func TestStages(t *testing.T) {
	files, err := filepath.Glob("../fixtures/stages/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("stage cases: %v, %v", files, err)
	}
	for _, file := range files {
		stage := filepath.Base(filepath.Dir(file))
		t.Run(stage+"/"+strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := archived(a, "want.csv")
			got := newStageCase(t, a).run(stage, header(t, want))
			if *updateStages {
				setArchived(a, "want.csv", got)
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("%s\ngot\n%s\nwant\n%s", strings.TrimSpace(string(a.Comment)), got, want)
			}
		})
	}
}

// stageCase is one archive with its tables on a connection of their own.
type stageCase struct {
	t      *testing.T
	conn   *sql.Conn
	Data   any            `json:"data"`
	Params map[string]any `json:"params"`
	Before []string       `json:"before"`
	bound  map[string]bool
}

func newStageCase(t *testing.T, a *txtar.Archive) *stageCase {
	t.Helper()
	pool, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	c := &stageCase{t: t, bound: map[string]bool{}}
	if c.conn, err = pool.Conn(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.conn.Close() })
	for _, setting := range []string{"set TimeZone = 'UTC'", "set disable_timestamptz_casts = true", "set threads = 1"} {
		c.exec(setting)
	}
	for _, f := range a.Files {
		switch table, isTable := strings.CutSuffix(f.Name, ".csv"); {
		case f.Name == "data.json":
			d := json.NewDecoder(bytes.NewReader(f.Data))
			d.UseNumber()
			d.DisallowUnknownFields()
			if err := d.Decode(c); err != nil {
				t.Fatalf("data.json: %v", err)
			}
			c.Data = plainData(t, c.Data)
			for name, v := range c.Params {
				c.Params[name] = plainData(t, v)
			}
		case isTable && f.Name != "want.csv":
			c.load(table, f.Data)
		}
	}
	return c
}

func (c *stageCase) exec(text string, args ...any) {
	c.t.Helper()
	if _, err := c.conn.ExecContext(context.Background(), text, args...); err != nil {
		c.t.Fatalf("%s: %v", text, err)
	}
}

// records reads CSV without its lines of #.
func records(t *testing.T, text []byte) [][]string {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(text))
	r.Comment = '#'
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func header(t *testing.T, text string) []string {
	if all := records(t, []byte(text)); len(all) > 0 {
		return all[0]
	}
	return nil
}

// load makes a table of typed CSV.
func (c *stageCase) load(table string, text []byte) {
	c.t.Helper()
	all := records(c.t, text)
	if len(all) == 0 {
		c.t.Fatalf("%s.csv has no header", table)
	}
	var columns, casts []string
	for _, field := range all[0] {
		name, typ, ok := strings.Cut(field, ":")
		if !ok || !regexp.MustCompile(`^[A-Za-z0-9_ (),\[\]]+$`).MatchString(typ) {
			c.t.Fatalf("%s.csv: header %q is not name:TYPE", table, field)
		}
		columns = append(columns, `"`+name+`" `+typ)
		casts = append(casts, "cast(?::varchar as "+typ+")")
	}
	c.exec(`create temp table "` + table + `" (` + strings.Join(columns, ", ") + ")")
	for _, record := range all[1:] {
		args := make([]any, len(record))
		for i, field := range record {
			switch field {
			case "":
			case "''":
				args[i] = ""
			default:
				args[i] = field
			}
		}
		c.exec(`insert into "`+table+`" select `+strings.Join(casts, ", "), args...)
	}
}

// run runs the stages and gives what the last of them leaves as CSV.
func (c *stageCase) run(stage string, columns []string) string {
	c.t.Helper()
	for _, before := range c.Before {
		text, args := c.render(before)
		c.exec(text, args...)
	}
	text, args := c.render(stage)
	for name := range c.Params {
		if !c.bound[name] {
			c.t.Errorf("data.json: no stage binds $%s", name)
		}
	}
	if made := regexp.MustCompile(`(?m)^create or replace temp table (\w+) as$`).FindStringSubmatch(text); made != nil {
		c.exec(text, args...)
		text, args = made[1], nil
	} else {
		c.exec("create or replace temp table stage_result as "+text, args...)
		text = "stage_result"
	}
	return c.table(text, columns)
}

func (c *stageCase) render(stage string) (string, []any) {
	c.t.Helper()
	text, err := warehouse.Render(stage, c.Data)
	if err != nil {
		c.t.Fatal(err)
	}
	var args []any
	code := regexp.MustCompile(`(?m)^--.*$`).ReplaceAllString(text, "")
	for name, v := range c.Params {
		if regexp.MustCompile(`\$` + regexp.QuoteMeta(name) + `\b`).MatchString(code) {
			args = append(args, sql.Named(name, listed(v)))
			c.bound[name] = true
		}
	}
	return text, args
}

// listed gives a list of numbers as the driver binds it, and anything else as it is.
func listed(v any) any {
	list, _ := v.([]any)
	var whole []int64
	var numbers []float64
	for _, one := range list {
		switch n := one.(type) {
		case int:
			whole, numbers = append(whole, int64(n)), append(numbers, float64(n))
		case float64:
			numbers = append(numbers, n)
		}
	}
	switch len(list) {
	case 0:
		return v
	case len(whole):
		return whole
	case len(numbers):
		return numbers
	}
	return v
}

// table gives a table as CSV, ordered by all of its columns.
func (c *stageCase) table(name string, columns []string) string {
	c.t.Helper()
	if len(columns) == 0 {
		c.query("select column_name from (describe "+name+")", func(r []*string) { columns = append(columns, *r[0]) })
	}
	var texts []string
	for _, column := range columns {
		texts = append(texts, `cast("`+column+`" as varchar)`)
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	out := [][]string{columns}
	c.query("select "+strings.Join(texts, ", ")+" from "+name+` order by "`+strings.Join(columns, `" nulls first, "`)+`" nulls first`, func(r []*string) {
		record := make([]string, len(r))
		for i, field := range r {
			if field != nil {
				record[i] = cmp.Or(*field, "''")
			}
		}
		out = append(out, record)
	})
	if err := w.WriteAll(out); err != nil {
		c.t.Fatal(err)
	}
	return b.String()
}

func (c *stageCase) query(text string, each func([]*string)) {
	c.t.Helper()
	rows, err := c.conn.QueryContext(context.Background(), text)
	if err != nil {
		c.t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		c.t.Fatal(err)
	}
	for rows.Next() {
		fields := make([]*string, len(names))
		into := make([]any, len(names))
		for i := range fields {
			into[i] = &fields[i]
		}
		if err := rows.Scan(into...); err != nil {
			c.t.Fatal(err)
		}
		each(fields)
	}
	if err := rows.Err(); err != nil {
		c.t.Fatal(err)
	}
}

// plainData turns JSON into what templates and parameters take: whole numbers become int, the two marked objects an
// expression and a clock.
func plainData(t *testing.T, v any) any {
	t.Helper()
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return int(n)
		}
		f, err := v.Float64()
		if err != nil {
			t.Fatal(err)
		}
		return f
	case []any:
		for i := range v {
			v[i] = plainData(t, v[i])
		}
		return v
	case map[string]any:
		if text, ok := v["expr"].(string); ok && len(v) == 1 {
			return warehouse.Expression{SQL: text}
		}
		if clock, ok := v["clock"].(map[string]any); ok && len(v) == 1 {
			part := func(name string) string { text, _ := clock[name].(string); return text }
			return plan.Clock{Column: part("Column"), Form: plan.Form(part("Form")), Zone: part("Zone")}
		}
		for key := range v {
			v[key] = plainData(t, v[key])
		}
		return v
	}
	return v
}

func archived(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func setArchived(a *txtar.Archive, name, text string) {
	i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == name })
	if i < 0 {
		a.Files = append(a.Files, txtar.File{Name: name})
		i = len(a.Files) - 1
	}
	a.Files[i].Data = []byte(text)
}
