package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/report"
)

// drawn is a source of few values, of which the served ones are draws of the same values: there is no cause to be found.
type drawn struct {
	values []string // one to four
	shares []int    // how often each comes, out of their sum
	keep   int      // hours for which a value stays, 1 to 6
	share  float64  // of the predictions of the last day, those that are draws
	text   bool
}

func newDrawn(rng *rand.Rand) drawn {
	d := drawn{text: rng.IntN(2) == 0, keep: []int{1, 1, 3, 6}[rng.IntN(4)], share: []float64{1, 1, 0.6, 0.2}[rng.IntN(4)]}
	for n := range 1 + rng.IntN(4) {
		d.shares = append(d.shares, []int{1, 1, 3, 12}[rng.IntN(4)])
		if d.text {
			d.values = append(d.values, string(rune('p'+n)))
		} else {
			d.values = append(d.values, []string{"0", "1", "5", "10"}[n])
		}
	}
	return d
}

func (d *drawn) draw(rng *rand.Rand) string {
	sum := 0
	for _, s := range d.shares {
		sum += s
	}
	at := rng.IntN(sum)
	for i, s := range d.shares {
		if at -= s; at < 0 {
			return d.values[i]
		}
	}
	panic("no value")
}

// TestDrawsProveNothing: features of one to four values that are served draws prove no cause. Each loop has ten such features,
// of a source each; PLUMBLINE_DRAWS says how many loops there are, two by default.
func TestDrawsProveNothing(t *testing.T) {
	loops := 2
	if text := os.Getenv("PLUMBLINE_DRAWS"); text != "" {
		if _, err := fmt.Sscan(text, &loops); err != nil {
			t.Fatal(err)
		}
	}
	likely, plain := 0, 0
	for seed := range uint64(loops) {
		for _, f := range drawsOf(t, seed) {
			switch {
			case f.Proven:
				t.Errorf("loop %d: %s\n%s", seed, told(t, &f), evidence([]report.Finding{f}))
			case f.Cause == "unexplained":
				plain++
			default:
				likely++
				t.Logf("loop %d, likely: %s %+v", seed, told(t, &f), f.Proof)
			}
		}
	}
	t.Logf("%d features: %d likely, %d unexplained", 10*loops, likely, plain)
}

// drawsOf gives the findings of a loop of ten features.
func drawsOf(t *testing.T, seed uint64) []report.Finding {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 4))
	folder := t.TempDir()
	first, end := toyBegin.AddDate(0, 0, 2), toyBegin.AddDate(0, 0, 10)
	keys := []string{"a", "b", "c", "d"}
	var sources, features strings.Builder
	header := []any{"id", "key", "at", "score"}
	var all []drawn
	seen := make([]map[string][]string, 10) // by source and key: the value of each hour
	for i := range 10 {
		d := newDrawn(rng)
		all = append(all, d)
		rows := [][]any{{"key", "at", "v"}}
		seen[i] = map[string][]string{}
		for _, key := range keys {
			v := ""
			for at, hour := toyBegin, 0; at.Before(end); at, hour = at.Add(time.Hour), hour+1 {
				if hour%d.keep == 0 {
					v = d.draw(rng)
				}
				seen[i][key] = append(seen[i][key], v)
				rows = append(rows, []any{key, at, v})
			}
		}
		writeCSV(t, filepath.Join(folder, fmt.Sprintf("s%d.csv", i)), rows)
		fmt.Fprintf(&sources, "  s%d: {path: s%d.csv, key: {key: key}, at: at}\n", i, i)
		fmt.Fprintf(&features, "  f%d: {source: s%d, value: v}\n", i, i)
		header = append(header, fmt.Sprintf("f%d", i))
	}
	predictions, outcomes := [][]any{header}, [][]any{{"id", "late", "at", "known"}}
	for at, n := first.Add(30*time.Minute), 0; at.Before(end); at = at.Add(time.Hour / 2) {
		for _, key := range keys {
			row := []any{n, key, at, 0.2 + 0.1*float64(n%7)}
			for i := range all {
				v := seen[i][key][int(at.Sub(toyBegin)/time.Hour)]
				if !at.Before(end.AddDate(0, 0, -1)) && rng.Float64() < all[i].share {
					v = all[i].draw(rng)
				}
				row = append(row, v)
			}
			predictions = append(predictions, row)
			outcomes = append(outcomes, []any{n, n * n % 11 % 2, at, at.Add(2 * time.Hour)})
			n++
		}
	}
	writeCSV(t, filepath.Join(folder, "predictions.csv"), predictions)
	writeCSV(t, filepath.Join(folder, "outcomes.csv"), outcomes)
	loop := "version: 1\nloop: draws\ntask: binary\nloss: brier\ntimezone: UTC\npredictions: {path: predictions.csv, id: id, at: at, score: score}\n" +
		"outcomes: {path: outcomes.csv, on: {id: id}, value: late, at: at, known_at: known, horizon: 1d}\nsources:\n" + sources.String() + "features:\n" + features.String() +
		"baseline: {trailing: 7d, reach: 14d}\nevaluate: {window: 1d, min_matched: 50}\n"
	if err := os.WriteFile(filepath.Join(folder, "loop.yaml"), []byte(loop), 0o644); err != nil {
		t.Fatal(err)
	}
	return findingsOf(t, folder, first, end)
}

// findingsOf runs a folder's loop.yaml and reads the findings of findings.json.
func findingsOf(t *testing.T, folder string, from, to time.Time) []report.Finding {
	t.Helper()
	return evaluationOf(t, filepath.Join(folder, "loop.yaml"), from, to).Findings
}

// evaluationOf runs a loop file and reads findings.json.
func evaluationOf(t *testing.T, file string, from, to time.Time) report.Findings {
	t.Helper()
	result, err := engine.Run(context.Background(), engine.Options{LoopFile: file, From: from, To: to,
		AsOf: to.AddDate(0, 0, 1), Threads: 1, Memory: 1 << 30})
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(result.FindingsPath)
	if err != nil {
		t.Fatal(err)
	}
	var read report.Findings
	if err := json.Unmarshal(content, &read); err != nil {
		t.Fatal(err)
	}
	return read
}
