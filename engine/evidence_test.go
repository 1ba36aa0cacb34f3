package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/report"
)

// event is a line of an OpenLineage file.
func event(state, at, run, job, more string) string {
	return fmt.Sprintf(`{"eventType": %q, "eventTime": %q, "run": {"runId": %q}, "job": {"namespace": "prod", "name": %q}%s}`+"\n", state, at, run, job, more)
}

// tracked is steadyWorld with lineage: the job of its source runs every night and fails as the feature begins to be served
// late; what it writes is read by the job that scores.
func tracked(t *testing.T) string {
	t.Helper()
	file := steadyWorld(t)
	edit(t, file, "predictions: {", "predictions: {job: score, ")
	edit(t, file, "fresh_within: 2h}", "fresh_within: 2h, job: s_ingest, namespace: prod}")
	edit(t, file, "baseline:", "lineage: {openlineage: events.jsonl}\nbaseline:")
	var lines strings.Builder
	at := utc(t, "2024-01-20").Add(6 * time.Hour)
	for n := range 20 {
		state, begun := "COMPLETE", at.AddDate(0, 0, n)
		if begun.Format(time.DateOnly) == "2024-02-02" {
			state = "FAIL"
		}
		more := `, "outputs": [{"namespace": "file", "name": "/lake/s.parquet"}]`
		lines.WriteString(event("START", begun.Format(time.RFC3339), fmt.Sprint("r", n), "etl.s_ingest", more))
		lines.WriteString(event(state, begun.Add(time.Minute).Format(time.RFC3339), fmt.Sprint("r", n), "etl.s_ingest", more))
	}
	lines.WriteString(event("ABORT", "2024-02-03T03:00:00Z", "late", "etl.s_ingest", ""))
	lines.WriteString(event("FAIL", "2024-02-02T06:00:00Z", "x", "another_job", ""))
	lines.WriteString(event("FAIL", "2024-01-25T06:00:00Z", "old", "etl.s_ingest", ""))
	lines.WriteString(event("COMPLETE", "2024-02-01T12:00:00Z", "s", "score", `, "inputs": [{"namespace": "file", "name": "/lake/s.parquet"}], "outputs": [{"namespace": "file", "name": "/lake/p.parquet"}]`))
	lines.WriteString("no event\n")
	if err := os.WriteFile(filepath.Join(filepath.Dir(file), "events.jsonl"), []byte(lines.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// edit puts text into the place of another in a file.
func edit(t *testing.T, file, old, now string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), old) {
		t.Fatalf("%s does not hold %q", file, old)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(content), old, now, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// night runs one day and gives its findings.
func night(t *testing.T, loop, from string, asOf time.Time) *report.Findings {
	t.Helper()
	result, err := engine.Run(context.Background(), engine.Options{LoopFile: loop, Ledger: filepath.Join(t.TempDir(), "l.duckdb"),
		From: utc(t, from), To: utc(t, from).AddDate(0, 0, 1), AsOf: asOf, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	return result.Findings
}

// What lineage tells of the job and the data of a finding near its onset is its evidence, as far as it was known at as-of.
func TestLineageIsEvidence(t *testing.T) {
	loop := tracked(t)
	of := func(f *report.Findings, cause string) []string {
		for _, x := range f.Findings {
			if x.Cause == cause {
				return slices.DeleteFunc(slices.Clone(x.Evidence), func(line string) bool { return !strings.HasPrefix(line, "lineage") })
			}
		}
		t.Fatalf("no finding of %s: %+v", cause, f.Findings)
		return nil
	}
	f := night(t, loop, "2024-02-02", utc(t, "2024-02-10"))
	failed := "lineage: job etl.s_ingest failed at 2024-02-02T06:01:00Z"
	way := "lineage: etl.s_ingest -> /lake/s.parquet -> score -> /lake/p.parquet"
	if got, want := of(f, "feature.stale"), []string{way, failed, "lineage: job etl.s_ingest was aborted at 2024-02-03T03:00:00Z"}; !slices.Equal(got, want) {
		t.Errorf("as of a week later: %q, want %q", got, want)
	}
	if !slices.ContainsFunc(f.Notes, func(n string) bool { return strings.Contains(n, "passed over 1 line") }) {
		t.Errorf("notes %q do not tell of the line that is no event", f.Notes)
	}
	before := night(t, loop, "2024-02-02", utc(t, "2024-02-03"))
	if got, want := of(before, "feature.stale"), []string{way, failed}; !slices.Equal(got, want) {
		t.Errorf("as of the end of the day: %q, want %q", got, want)
	}
	edit(t, filepath.Join(filepath.Dir(loop), "events.jsonl"), "no event", "another line that is none")
	if again := night(t, loop, "2024-02-02", utc(t, "2024-02-03")); again.RunID == before.RunID {
		t.Errorf("another lineage file, and the same run id %s", again.RunID)
	}
}

func TestLineageRefused(t *testing.T) {
	loop := tracked(t)
	o := engine.Options{LoopFile: loop, From: utc(t, "2024-02-02"), To: utc(t, "2024-02-03"), Findings: filepath.Join(filepath.Dir(loop), "events.jsonl")}
	if _, err := engine.Run(t.Context(), o); !fault.IsUsage(err) || !strings.Contains(err.Error(), "--findings would replace a file of lineage") {
		t.Errorf("findings in the place of events: %v", err)
	}
	edit(t, loop, "openlineage: events.jsonl", "openlineage: nosuch.jsonl")
	o.Findings = ""
	for name, err := range map[string]error{"run": func() error { _, err := engine.Run(t.Context(), o); return err }(),
		"check": func() error { _, err := engine.Check(t.Context(), engine.Options{LoopFile: loop}); return err }()} {
		if !fault.IsUsage(err) || !strings.Contains(err.Error(), "lineage.openlineage: nosuch.jsonl") {
			t.Errorf("%s: %v, want a usage fault that names the key", name, err)
		}
	}
}
