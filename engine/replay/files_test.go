package replay_test

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
)

// table is an input on its way into a file. A column is text, num, int or when.
type table struct {
	names, kinds []string
	rows         [][]any // pointers, values, or nil
}

func (t *table) add(name, kind string) {
	t.names, t.kinds = append(t.names, name), append(t.kinds, kind)
}

// plain takes the pointer off a value; nil is NULL.
func plain(v any) any {
	switch v := v.(type) {
	case *string:
		if v == nil {
			return nil
		}
		return *v
	case *int64:
		if v == nil {
			return nil
		}
		return *v
	case *float64:
		if v == nil {
			return nil
		}
		return *v
	}
	return v
}

// csv writes instants as UTC, some of them with an offset. Rows with an infinite number come last: a column that begins
// with one is text to DuckDB.
func (t *table) csv(test *testing.T, w *world, path string) {
	test.Helper()
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	out.Write(t.names)
	infinite := func(v any) bool {
		x, ok := plain(v).(float64)
		return ok && math.IsInf(x, 0)
	}
	slices.SortStableFunc(t.rows, func(a, b []any) int {
		return cmp.Compare(strconv.FormatBool(slices.ContainsFunc(a, infinite)), strconv.FormatBool(slices.ContainsFunc(b, infinite)))
	})
	for _, r := range t.rows {
		record := make([]string, len(r))
		for i, v := range r {
			switch v := plain(v).(type) {
			case string:
				record[i] = v
			case float64:
				record[i] = strings.TrimPrefix(strings.ToLower(strconv.FormatFloat(v, 'g', -1, 64)), "+")
			case int64:
				record[i] = strconv.FormatInt(v, 10)
				if t.kinds[i] == "when" {
					at := time.UnixMicro(v).In(pick(w, time.UTC, time.UTC, time.FixedZone("", 9000)))
					record[i] = at.Format(pick(w, "2006-01-02T15:04:05.999999Z07:00", "2006-01-02 15:04:05.999999Z07:00"))
				}
			}
		}
		out.Write(record)
	}
	out.Flush()
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		test.Fatal(err)
	}
}

// parquet writes instants with or without a zone: without one they are read as UTC.
func (t *table) parquet(test *testing.T, w *world, path string) {
	test.Helper()
	group := parquet.Group{}
	for i, name := range t.names {
		switch t.kinds[i] {
		case "text":
			group[name] = parquet.Optional(parquet.String())
		case "num":
			group[name] = parquet.Optional(parquet.Leaf(parquet.DoubleType))
		case "int":
			group[name] = parquet.Optional(parquet.Int(64))
		case "when":
			group[name] = parquet.Optional(parquet.TimestampAdjusted(parquet.Microsecond, w.seed%2 == 0))
		}
	}
	schema := parquet.NewSchema("rows", group)
	var b bytes.Buffer
	out := parquet.NewWriter(&b, schema)
	for _, r := range t.rows {
		line := make(parquet.Row, len(r))
		for i, v := range r {
			leaf, _ := schema.Lookup(t.names[i])
			if v = plain(v); v == nil {
				line[leaf.ColumnIndex] = parquet.NullValue().Level(0, 0, leaf.ColumnIndex)
				continue
			}
			line[leaf.ColumnIndex] = parquet.ValueOf(v).Level(0, 1, leaf.ColumnIndex)
		}
		if _, err := out.WriteRows([]parquet.Row{line}); err != nil {
			test.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		test.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		test.Fatal(err)
	}
}

// write puts the rows in any order into one or two files named name_*.csv or .parquet.
func (t *table) write(test *testing.T, w *world, dir, name string, asParquet bool) {
	test.Helper()
	w.rng.Shuffle(len(t.rows), func(i, j int) { t.rows[i], t.rows[j] = t.rows[j], t.rows[i] })
	cut := len(t.rows)
	if w.chance(0.4) && asParquet {
		cut = len(t.rows) / 2
	}
	for i, rows := range [][][]any{t.rows[:cut], t.rows[cut:]} {
		part := table{names: t.names, kinds: t.kinds, rows: rows}
		switch {
		case i == 1 && len(rows) == 0:
		case asParquet:
			part.parquet(test, w, filepath.Join(dir, fmt.Sprintf("%s_%d.parquet", name, i)))
		default:
			part.csv(test, w, filepath.Join(dir, fmt.Sprintf("%s_%d.csv", name, i)))
		}
	}
}

func (w *world) write(test *testing.T, dir string) {
	for _, s := range w.sources {
		w.sourceTable(s).write(test, w, dir, s.name, s.parquet)
	}
	w.predictionTable().write(test, w, dir, "predictions", w.parquet)
	outcomes := table{}
	for i, name := range []string{"id", "late", "at", "known"} {
		outcomes.add(name, []string{"text", "int", "when", "when"}[i])
	}
	for _, p := range w.predictions {
		if p.known != 0 {
			outcomes.rows = append(outcomes.rows, []any{p.id, int64(w.rng.IntN(2)), p.at, p.known})
		}
	}
	outcomes.write(test, w, dir, "outcomes", !w.parquet)
	if err := os.WriteFile(filepath.Join(dir, "loop.yaml"), []byte(w.yaml()), 0o644); err != nil {
		test.Fatal(err)
	}
}

func (w *world) sourceTable(s *source) *table {
	t := &table{}
	for _, c := range [][2]string{{"key", "text"}, {"sub", "int"}, {"id", "text"}, {"grade", "text"}, {"num", "num"}, {"text", "text"}, {"at", "when"}, {"known", "when"}} {
		t.add(c[0], c[1])
	}
	if s.parquet {
		t.add("when", "when")
	}
	for _, r := range s.rows {
		values := []any{r.key, r.sub, r.id, r.grade, r.num, r.text, r.at, r.known}
		if s.parquet {
			values = append(values, r.when)
		}
		t.rows = append(t.rows, values)
	}
	return t
}

func (w *world) predictionTable() *table {
	t := &table{}
	for _, c := range [][2]string{{"id", "text"}, {"version", "text"}, {"key", "text"}, {"sub", "int"}, {"at", "when"}, {"features_at", "when"}, {"score", "num"}} {
		t.add(c[0], c[1])
	}
	for i := range w.sources {
		t.add(fmt.Sprintf("used_at_%d", i), "when")
		t.add(fmt.Sprintf("used_rows_%d", i), "int")
	}
	for _, f := range w.features {
		t.add(f.name, f.class())
		t.add("rows_"+f.name, "int")
	}
	for _, p := range w.predictions {
		values := []any{p.id, p.version, p.key, p.sub, p.at, p.featuresAt, p.score}
		for i := range w.sources {
			values = append(values, p.usedAt[i], p.usedRows[i])
		}
		for i := range w.features {
			values = append(values, p.served[i], p.loggedRows[i])
		}
		t.rows = append(t.rows, values)
	}
	return t
}

func duration(us int64) string { return fmt.Sprintf("%dus", us) }

func glob(name string, parquet bool) string {
	if parquet {
		return name + "_*.parquet"
	}
	return name + "_*.csv"
}

// yaml is the loop file.
func (w *world) yaml() string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("version: 1\nloop: world\ntask: binary\nloss: log_loss\nmax_invalid: 0.5\ntimezone: UTC")
	say("predictions: {path: %q, id: id, at: at, features_at: features_at, score: score, version: version}", glob("predictions", w.parquet))
	say("outcomes: {path: %q, on: {id: id}, value: late, at: at, known_at: known, horizon: %s}", glob("outcomes", !w.parquet), duration(horizon))
	say("sources:")
	for i, s := range w.sources {
		say("  %s:\n    path: %q\n    key: {key: key}", s.name, glob(s.name, s.parquet))
		for _, line := range []struct {
			text string
			on   bool
		}{
			{"at: at", s.hasAt}, {"known_at: known", s.hasKnown}, {"id: [id]", s.hasID}, {"snapshot: true", s.snapshot},
			{"where: grade <> 'bad'", s.where}, {"expect: " + s.expect, s.expect != ""}, {"fresh_within: " + duration(s.fresh), s.fresh > 0},
			{fmt.Sprintf("served_at: used_at_%d", i), s.logsAt}, {fmt.Sprintf("served_rows: used_rows_%d", i), s.logsRows},
		} {
			if line.on {
				say("    %s", line.text)
			}
		}
	}
	say("features:")
	for _, f := range w.features {
		say("  %s:", f.name)
		for _, line := range f.lines() {
			say("    %s", line)
		}
	}
	return b.String()
}

func (f *feature) lines() []string {
	lines := []string{"served: " + f.name}
	if f.source != nil {
		lines = append(lines, "source: "+f.source.name)
		switch {
		case f.agg == "":
			lines = append(lines, `value: '"`+f.column+`"'`)
		case f.column == "*":
			lines = append(lines, "aggregate: count(*)")
		default:
			lines = append(lines, fmt.Sprintf(`aggregate: '%s("%s")'`, f.agg, f.column))
		}
	}
	if f.agg != "" {
		window := "window: {length: " + duration(f.length) + ", offset: " + duration(f.offset)
		if f.align != "" {
			window += ", align: " + f.align
		}
		lines = append(lines, window+"}")
	}
	if f.bySub {
		lines = append(lines, "key: {sub: sub}")
	}
	switch f.filter {
	case "grade":
		lines = append(lines, "where: grade = 'good'")
	case "num":
		lines = append(lines, "where: num > 1 and not isnan(num)")
	}
	if f.within > 0 {
		lines = append(lines, "within: "+duration(f.within))
	}
	if f.tolerance != nil {
		lines = append(lines, fmt.Sprintf("tolerance: %g", *f.tolerance))
	}
	if f.logsRows {
		lines = append(lines, "served_rows: rows_"+f.name)
	}
	switch {
	case f.standard != nil:
		lines = append(lines, fmt.Sprintf("default: %v", f.standard))
	case f.standards != nil:
		lines = append(lines, fmt.Sprintf("default: {v1: %v, v2: %v}", f.standards["v1"], f.standards["v2"]))
	}
	return slices.Clip(lines)
}
