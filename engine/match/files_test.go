package match_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
)

// table is an input on its way into a file.
type table struct {
	columns []column
	rows    [][]any // string, float64, int64 or nil
}

// plain takes the pointer off a value; nil is NULL.
func plain[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

func (t *table) csv() []byte {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	record := make([]string, len(t.columns))
	for i, c := range t.columns {
		record[i] = c.name
	}
	out.Write(record)
	for _, r := range t.rows {
		for i, v := range r {
			switch v := v.(type) {
			case nil:
				record[i] = ""
			case string:
				record[i] = v
			case float64:
				record[i] = strings.ToLower(strconv.FormatFloat(v, 'g', -1, 64))
			case int64:
				record[i] = strconv.FormatInt(v, 10)
				if t.columns[i].kind == "when" {
					record[i] = time.UnixMicro(v).UTC().Format(time.RFC3339Nano)
				}
			}
		}
		out.Write(record)
	}
	out.Flush()
	return b.Bytes()
}

func (t *table) parquet(test *testing.T) []byte {
	test.Helper()
	group := parquet.Group{}
	for _, c := range t.columns {
		group[c.name] = map[string]parquet.Node{
			"text": parquet.Optional(parquet.String()), "num": parquet.Optional(parquet.Leaf(parquet.DoubleType)),
			"int": parquet.Optional(parquet.Int(64)), "when": parquet.Optional(parquet.Timestamp(parquet.Microsecond)),
		}[c.kind]
	}
	schema := parquet.NewSchema("rows", group)
	var b bytes.Buffer
	out := parquet.NewWriter(&b, schema)
	for _, r := range t.rows {
		line := make(parquet.Row, len(r))
		for i, v := range r {
			leaf, _ := schema.Lookup(t.columns[i].name)
			line[leaf.ColumnIndex] = parquet.NullValue().Level(0, 0, leaf.ColumnIndex)
			if v != nil {
				line[leaf.ColumnIndex] = parquet.ValueOf(v).Level(0, 1, leaf.ColumnIndex)
			}
		}
		if _, err := out.WriteRows([]parquet.Row{line}); err != nil {
			test.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		test.Fatal(err)
	}
	return b.Bytes()
}

// write puts the rows in any order into one file, or in Parquet into two.
func (t *table) write(test *testing.T, w *world, dir, name string) {
	test.Helper()
	w.rng.Shuffle(len(t.rows), func(i, j int) { t.rows[i], t.rows[j] = t.rows[j], t.rows[i] })
	if w.csv {
		save(test, filepath.Join(dir, name+".csv"), t.csv())
		return
	}
	half := table{columns: t.columns, rows: t.rows[:len(t.rows)/2]}
	rest := table{columns: t.columns, rows: t.rows[len(t.rows)/2:]}
	save(test, filepath.Join(dir, name+"_0.parquet"), half.parquet(test))
	save(test, filepath.Join(dir, name+"_1.parquet"), rest.parquet(test))
}

func save(test *testing.T, path string, content []byte) {
	test.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		test.Fatal(err)
	}
}

func (w *world) write(test *testing.T, dir string) {
	test.Helper()
	predictions := table{columns: append([]column{{"id", "text"}, {"at", "when"}, {"known", "when"}, {"score", "num"}, {"weight", "num"}, {"version", "text"}}, w.keys...)}
	for _, d := range w.predictions {
		predictions.rows = append(predictions.rows, append([]any{plain(d.id), plain(d.at), plain(d.known), plain(d.score), plain(d.weight), plain(d.version)}, d.key...))
	}
	predictions.write(test, w, dir, "predictions")
	outcomes := table{columns: []column{{"at", "when"}, {"known", "when"}, {"value", "num"}}}
	for _, k := range w.keys {
		outcomes.columns = append(outcomes.columns, column{w.outcomeColumn(k.name), k.kind})
	}
	for _, r := range w.outcomes {
		value := plain(r.value)
		if v, ok := value.(float64); ok && w.derive {
			value = v*20 + 5
		}
		outcomes.rows = append(outcomes.rows, append([]any{plain(r.at), plain(r.known), value}, r.key...))
	}
	outcomes.write(test, w, dir, "outcomes")
	save(test, filepath.Join(dir, "loop.yaml"), []byte(w.yaml()))
}

func (w *world) outcomeColumn(name string) string {
	if w.renamed {
		return "of_" + name
	}
	return name
}

// yaml is the loop file.
func (w *world) yaml() string {
	files := "_*.parquet"
	if w.csv {
		files = ".csv"
	}
	task := "task: binary\nloss: log_loss"
	if w.regression {
		task = "task: regression\nloss: squared_error"
	}
	given := func(on bool, text string) string {
		if on {
			return ", " + text
		}
		return ""
	}
	var on []string
	for _, k := range w.keys {
		if w.renamed {
			on = append(on, k.name+": "+w.outcomeColumn(k.name))
		} else {
			on = append(on, k.name)
		}
	}
	pairs := "[" + strings.Join(on, ", ") + "]"
	if w.renamed {
		pairs = "{" + strings.Join(on, ", ") + "}"
	}
	value := "value: value"
	if w.derive {
		value = `derive: "value > 15"`
	}
	return fmt.Sprintf("version: 1\nloop: world\n%s\nmax_invalid: %g\ntimezone: UTC\n", task, w.maxInvalid) +
		fmt.Sprintf("predictions: {path: 'predictions%s', id: id, at: at, score: score, version: version, duplicates: %s%s%s}\n",
			files, w.choice, given(w.knows, "known_at: known"), given(w.weighs, "weight: weight")) +
		fmt.Sprintf("outcomes: {path: 'outcomes%s', on: %s, %s, at: at, horizon: %dus, duplicates: %s%s%s}\n",
			files, pairs, value, w.horizon, w.settlement, given(w.tells, "known_at: known"), given(w.snapshot, "snapshot: true"))
}
