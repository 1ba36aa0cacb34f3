package engine_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/fault"
)

// TestSegmentNamedLikeACondition is refused: what is counted by the one would be counted by the other.
func TestSegmentNamedLikeACondition(t *testing.T) {
	folder := t.TempDir()
	conn := outside(t, "")
	writeParquet(t, conn, folder, map[string]string{
		"p.parquet": `select 1 as id, timestamptz '2024-01-01 00:00:00+00' as at, 0.5 as score, 'a' as "predictions.schema"`,
		"o.parquet": `select 1 as id, timestamptz '2024-01-01 01:00:00+00' as at, 1 as y`,
	})
	file := filepath.Join(folder, "loop.yaml")
	text := strings.Replace(entityLoop, "score: score}", "score: score, segments: [predictions.schema]}", 1)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := engine.Check(t.Context(), engine.Options{LoopFile: file})
	if !fault.IsUsage(err) || !strings.Contains(fault.Text("", err), `"predictions.schema" is how a condition`) {
		t.Errorf("%v, want a fault of the loop file", err)
	}
}
