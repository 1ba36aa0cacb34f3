package engine_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// filesByDay writes a loop whose predictions and source come in two files a day, of which the one, the other or both lack a
// column from 2024-02-02 on. `lacks` names the input, the column, and the halves: "p v ab".
func filesByDay(t *testing.T, lacks string) string {
	t.Helper()
	folder := t.TempDir()
	conn := outside(t, "")
	for _, name := range []string{"p", "s"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	var input, column, halves string
	if _, err := fmt.Sscan(lacks, &input, &column, &halves); err != nil {
		t.Fatal(err)
	}
	write := func(name, query string) {
		t.Helper()
		writeParquet(t, conn, folder, map[string]string{name: query})
	}
	from := map[string]string{
		"p": `select 240 * d + i as id, timestamptz '2024-01-01 00:00:00+00' + to_days(d) + to_minutes(6 * i) as at,
				0.1 + 0.8 * (i * 37 % 101) / 101 as score, i % 17 as v, i % 5 as k, if($missing = 'w', null, (d * 24 + i // 10 * 7 + i % 5 * 13) % 101) as w
			from (select $1::int as d) a, range(240) t(i) where i % 2 = $2`,
		"s": `select k, timestamptz '2024-01-01 00:00:00+00' + to_days(d) + to_hours(h::int) as at, (d * 24 + h * 7 + k * 13) % 101 as w
			from (select $1::int as d) a, range(24) t(h), range(5) u(k) where k % 2 = $2`,
	}
	for d := range 40 {
		for part, half := range []string{"a", "b"} {
			day := utc(t, "2024-01-01").AddDate(0, 0, d)
			for name, query := range from {
				query = strings.NewReplacer("$1", fmt.Sprint(d), "$2", fmt.Sprint(part)).Replace(query)
				gone := strings.Contains(halves, half) && day.Format("2006-01-02") >= "2024-02-02"
				missing := ""
				if gone && input == "s" {
					missing = column // what is served of it is null
				}
				query = strings.ReplaceAll(query, "$missing", "'"+missing+"'")
				if gone && name == input {
					query = "select * exclude (" + column + ") from (" + query + ")"
				}
				write(fmt.Sprintf("%s/%s-%s.parquet", name, day.Format("2006-01-02"), half), query)
			}
		}
	}
	write("o.parquet", `select i as id, timestamptz '2024-01-01 00:00:00+00' + to_minutes(6 * i) + interval 50 hour as at, (i * 37 % 101 + i * 13 % 29 > 60)::int as y
		from range(240 * 40) t(i)`)
	file := filepath.Join(folder, "loop.yaml")
	if err := os.WriteFile(file, []byte(`version: 1
loop: columns
task: binary
loss: brier
predictions: {path: p/*.parquet, id: id, at: at, score: score, job: score, owner: ml}
outcomes: {path: o.parquet, on: [id], value: y, at: at, horizon: 5d}
sources:
  s: {path: s/*.parquet, key: {k: k}, at: at, owner: grid}
features:
  v: {}
  w: {source: s, value: w}
baseline: {trailing: 14d}
evaluate: {window: 3d, min_matched: 50}
`), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// A column that vanished from files is one finding on its first night, before any outcome of that day is known.
func TestColumnGone(t *testing.T) {
	type told struct {
		Cause, Node, Onset, Tier, Owner, State string
		Parameters                             map[string]any
		Features                               []string
		Share                                  float64
		Proven                                 bool
	}
	gone := func(column string) map[string]any { return map[string]any{"column": column, "became": nil} }
	const cause, onset = "schema.column_dropped", "2024-02-02T00:00:00Z"
	for _, tt := range []struct {
		lacks, promise string
		want           told
	}{
		{lacks: "p v ab", want: told{cause, "predictions", onset, "inferred", "ml", "new", gone("v"), []string{"v"}, 1.0 / 3, true}},
		{lacks: "p v b", want: told{cause, "predictions", onset, "inferred", "ml", "new", gone("v"), []string{"v"}, 1.0 / 6, true}},
		{lacks: "p w ab", want: told{cause, "predictions", onset, "replayed", "ml", "new", gone("w"), []string{"w"}, 1.0 / 3, true}},
		{lacks: "s w ab", want: told{cause, "s", onset, "inferred", "grid", "new", gone("w"), []string{"w"}, 1.0 / 3, true}},
		{lacks: "s w ab", promise: ", columns: {w: bigint}", want: told{cause, "s", onset, "contract", "grid", "new", gone("w"), []string{"w"}, 1.0 / 3, true}},
	} {
		t.Run(tt.lacks+tt.promise, func(t *testing.T) {
			loop := filesByDay(t, tt.lacks)
			edit(t, loop, ", owner: grid", tt.promise+", owner: grid")
			f := night(t, loop, "2024-02-02", utc(t, "2024-02-03"))
			var got []told
			for _, x := range f.Findings {
				got = append(got, told{x.Cause, x.Node, x.Onset, x.Tier, x.Owner, x.State, x.Parameters, x.Features, math.Round(x.RowShare*1000) / 1000, x.Proven})
				if line := "files of " + map[string]string{"p": "predictions", "s": "s"}[tt.lacks[:1]] + ": column"; strings.Count(strings.Join(x.Evidence, "\n"), line) != 1 {
					t.Errorf("evidence %q, want one line with %q", x.Evidence, line)
				}
			}
			tt.want.Share = math.Round(tt.want.Share*1000) / 1000
			if diff := cmp.Diff([]told{tt.want}, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// Nothing is claimed while the column is there.
func TestColumnThere(t *testing.T) {
	f := night(t, filesByDay(t, "p v ab"), "2024-02-01", utc(t, "2024-02-02"))
	if len(f.Findings) > 0 {
		t.Errorf("findings %+v", f.Findings)
	}
}
