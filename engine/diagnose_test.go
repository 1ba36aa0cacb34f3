package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/fault"
)

// A Parquet file whose footer is sound and whose pages are not is told by name, and no other beside it.
func TestDamagedPages(t *testing.T) {
	folder := t.TempDir()
	conn := outside(t, "")
	for name, query := range map[string]string{
		"p.parquet": "select i as id, timestamptz '2024-01-02 00:00:00+00' + to_seconds(i) as at, 0.5 as score, 'a' as k, i as f from range(3000) t(i)",
		"o.parquet": "select i as id, timestamptz '2024-01-02 12:00:00+00' as at, i % 2 as y from range(3000) t(i)",
		"s.parquet": "select 'a' as k, timestamptz '2024-01-01 00:00:00+00' + to_seconds(i * 60) as at, i * 7 % 1000 as v from range(3000) t(i)",
	} {
		if _, err := conn.ExecContext(t.Context(), "copy ("+query+") to '"+filepath.Join(folder, name)+"' (format parquet, compression zstd)"); err != nil {
			t.Fatal(err)
		}
	}
	damaged := filepath.Join(folder, "s.parquet")
	content, err := os.ReadFile(damaged)
	if err != nil {
		t.Fatal(err)
	}
	for i := 100; i < 1000; i++ {
		content[i] ^= 0x5a
	}
	if err := os.WriteFile(damaged, content, 0o644); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "loop.yaml")
	text := `version: 1
loop: damaged
task: binary
predictions: {path: p.parquet, id: id, at: at, score: score}
outcomes: {path: o.parquet, on: [id], value: y, at: at, horizon: 3d}
sources:
  s: {path: s.parquet, key: {k: k}, at: at}
features:
  f: {source: s, value: v}
`
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	o := engine.Options{LoopFile: file, From: utc(t, "2024-01-02"), To: utc(t, "2024-01-03")}
	_, err = engine.Run(context.Background(), o)
	faults := fault.All(err)
	if len(faults) != 1 || faults[0].Usage || faults[0].Where != "s.parquet" ||
		!strings.Contains(faults[0].What, "rows cannot be read") || !strings.Contains(faults[0].Fix, "sources.s.path") {
		t.Fatalf("got %v, want the one damaged file", err)
	}
	if _, err := os.Stat(filepath.Join(folder, "damaged.duckdb")); !os.IsNotExist(err) {
		t.Errorf("a ledger was left: %v", err)
	}
}
