package textfile

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/report"
)

func at(hour int) time.Time { return time.Date(2024, 3, 1, hour, 0, 0, 0, time.UTC) }

func number(v float64) *float64 { return &v }

// found is what a night with one costly finding, one that is over and one without a cause comes to.
func found() *report.Findings {
	no := false
	return &report.Findings{
		AsOf: "2024-03-01T00:00:00Z", Interval: report.Interval{From: "2024-02-29T00:00:00Z", To: "2024-03-01T00:00:00Z"},
		Loss:      report.Loss{Name: "log_loss", Baseline: number(.4), Current: number(.5), Delta: number(.1)},
		Outcomes:  report.Counts{Predictions: 100, Invalid: 1, Matched: 60, Pending: 30, Missing: 9, Late: 2, Orphans: 5},
		Integrity: report.Shares{Baseline: number(.99), Current: number(.9)},
		Verdict:   "intake", Retrain: &no,
		Findings: []report.Finding{
			{ID: "F-0000000001", Severity: "high", State: "new", Cause: "time.zone_shift", Node: "weather", Owner: "data", Proven: true, ExcessLoss: number(.09)},
			{ID: "F-0000000002", Severity: "high", State: "resolved", Cause: "join.miss", Node: "status", ExcessLoss: number(.2)},
			{ID: "F-0000000003", Severity: "info", State: "ongoing", Node: "a \"b\"\n\\ \xff", ExpectedCost: number(.01)},
		},
	}
}

// lines gives the file's series without their help.
func lines(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(strings.Split(strings.TrimSpace(string(text)), "\n"), func(line string) bool { return strings.HasPrefix(line, "# HELP") })
}

func write(t *testing.T, path string, r Run) {
	t.Helper()
	if err := Write(path, r); err != nil {
		t.Fatal(err)
	}
}

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.prom")
	write(t, path, Run{Loop: "late", Version: "1.2.3", Ended: at(3), Took: 90 * time.Second, Findings: found()})
	got := lines(t, path)
	for _, want := range []string{
		`# TYPE plumbline_findings_open gauge`,
		`plumbline_build_info{loop="late",version="1.2.3"} 1`,
		`plumbline_last_run_timestamp_seconds{loop="late"} 1.7092620e+09`,
		`plumbline_last_success_timestamp_seconds{loop="late"} 1.7092620e+09`,
		`plumbline_last_run_duration_seconds{loop="late"} 90`,
		`plumbline_last_run_status{loop="late"} 1`,
		`plumbline_interval_end_timestamp_seconds{loop="late"} 1.7092512e+09`,
		`plumbline_predictions{loop="late",state="matched"} 60`,
		`plumbline_predictions{loop="late",state="superseded"} 0`,
		`plumbline_outcomes{loop="late",state="orphans"} 5`,
		`plumbline_maturity_ratio{loop="late"} 0.6060606060606061`,
		`plumbline_integrity_ratio{loop="late",period="window"} 0.9`,
		`plumbline_loss{loop="late",name="log_loss",period="baseline"} 0.4`,
		`plumbline_loss_delta{loop="late",name="log_loss"} 0.1`,
		`plumbline_verdict{loop="late",verdict="intake"} 1`,
		`plumbline_verdict{loop="late",verdict="healthy"} 0`,
		`plumbline_retrain{advice="no",loop="late"} 1`,
		`plumbline_retrain{advice="unknown",loop="late"} 0`,
		`plumbline_findings_open{cause="time.zone_shift",loop="late",severity="high"} 1`,
		`plumbline_findings_open{cause="join.miss",loop="late",severity="high"} 0`,
		`plumbline_findings_open{cause="none",loop="late",severity="info"} 1`,
		`plumbline_finding_excess_loss{cause="time.zone_shift",finding="F-0000000001",loop="late"} 0.09`,
		`plumbline_finding_expected_cost{cause="none",finding="F-0000000003",loop="late"} 0.01`,
		`plumbline_finding_info{cause="none",finding="F-0000000003",loop="late",node="a \"b\"\n\\ ` + "\uFFFD" + `",owner="",proven="no",severity="info",state="ongoing"} 1`,
	} {
		if !slices.Contains(got, strings.Replace(want, "2620e+09", "262e+09", 1)) {
			t.Errorf("lacks %s", want)
		}
	}
	for _, line := range got {
		if strings.Contains(line, "F-0000000002") || !strings.HasPrefix(strings.TrimPrefix(line, "# TYPE "), "plumbline_") {
			t.Errorf("says %s", line)
		}
		if fields := strings.Fields(line[strings.LastIndex(line, "}")+1:]); line[0] != '#' && len(fields) != 1 {
			t.Errorf("a series has a timestamp: %s", line)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v, %v: whoever collects it must be able to read it", info.Mode(), err)
	}
}

// TestFailure: a run that published nothing tells of itself, and leaves what was said of the last that did.
func TestFailure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.prom")
	write(t, path, Run{Loop: "late", Version: "1", Ended: at(3), Findings: found()})
	was := lines(t, path)
	write(t, path, Run{Loop: "late", Version: "2", Ended: at(5), Took: time.Second, Failed: true})
	is := lines(t, path)
	if len(is) != len(was) {
		t.Errorf("%d series, %d before", len(is), len(was))
	}
	var changed []string
	for _, line := range is {
		if !slices.Contains(was, line) {
			changed = append(changed, line)
		}
	}
	want := []string{
		`plumbline_build_info{loop="late",version="2"} 1`, `plumbline_last_run_duration_seconds{loop="late"} 1`,
		`plumbline_last_run_status{loop="late"} 0`, `plumbline_last_run_timestamp_seconds{loop="late"} 1.7092692e+09`,
	}
	if !slices.Equal(changed, want) {
		t.Errorf("changed\n%s\nwant\n%s", strings.Join(changed, "\n"), strings.Join(want, "\n"))
	}
	// A run that had nothing to do did what it was asked to.
	write(t, path, Run{Loop: "late", Version: "2", Ended: at(6)})
	if got := lines(t, path); !slices.Contains(got, `plumbline_last_success_timestamp_seconds{loop="late"} 1.7092728e+09`) || !slices.Contains(got, `plumbline_verdict{loop="late",verdict="intake"} 1`) {
		t.Errorf("after a run with nothing to do:\n%s", strings.Join(got, "\n"))
	}

	alone := filepath.Join(t.TempDir(), "b.prom")
	write(t, alone, Run{Loop: "late", Version: "2", Ended: at(5), Failed: true})
	if got := strings.Join(lines(t, alone), "\n"); strings.Contains(got, "success") || strings.Contains(got, "verdict") || !strings.Contains(got, "status") {
		t.Errorf("of a first run that fails:\n%s", got)
	}
}

// TestNotOurs: a file of something else is refused and left as it is.
func TestNotOurs(t *testing.T) {
	folder := t.TempDir()
	other := filepath.Join(folder, "other.prom")
	write(t, other, Run{Loop: "another", Version: "1", Ended: at(3), Findings: found()})
	text, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"other.prom": string(text),
		"node.prom":  "# HELP node_x y\n# TYPE node_x gauge\nnode_x 1\n",
		"words.txt":  "not a metric at all {\n",
		"loop.yaml":  "version: 1\nloop: late\n",
	} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{Check(path, "late"), Write(path, Run{Loop: "late", Version: "1", Ended: at(3)})} {
			if !fault.IsUsage(err) {
				t.Errorf("%s: %v, want that another file is named", name, err)
			}
		}
		if got, _ := os.ReadFile(path); string(got) != content {
			t.Errorf("%s was changed", name)
		}
	}
	if err := Check(filepath.Join(folder, "none.prom"), "late"); err != nil {
		t.Error(err)
	}
	for name, want := range map[string]string{"other.prom": "another", "none.prom": "", "node.prom": "", "words.txt": ""} {
		if got := LoopOf(filepath.Join(folder, name)); got != want {
			t.Errorf("%s is of loop %q, want %q", name, got, want)
		}
	}
	if err := Write(filepath.Join(folder, "no", "such.prom"), Run{Loop: "late", Ended: at(3)}); err == nil {
		t.Error("a folder that is not there")
	}
}

// TestFullSet: whatever a night comes to, the series are the same, but for those of single findings.
func TestFullSet(t *testing.T) {
	names := func(f *report.Findings) (all []string) {
		path := filepath.Join(t.TempDir(), "a.prom")
		write(t, path, Run{Loop: "late", Version: "1", Ended: at(3), Findings: f})
		for _, line := range lines(t, path) {
			if !strings.Contains(line, "plumbline_finding_") {
				all = append(all, line[:strings.LastIndex(line, " ")])
			}
		}
		return all
	}
	quiet := found()
	quiet.Findings, quiet.Verdict, quiet.Retrain, quiet.Outcomes = nil, "healthy", nil, report.Counts{Matched: 1}
	if a, b := names(found()), names(quiet); !slices.Equal(a, b) {
		t.Errorf("%d and %d series", len(a), len(b))
	}
}

func FuzzEarlier(f *testing.F) {
	f.Add("plumbline_x{loop=\"late\"} 1\n")
	f.Add("# TYPE plumbline_x histogram\nplumbline_x_bucket{le=\"1\"} 2\n")
	f.Add("\x00{")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "a.prom")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if Check(path, "late") != nil {
			return
		}
		if err := Write(path, Run{Loop: "late", Version: "1", Ended: at(3), Failed: true}); err != nil {
			t.Fatalf("a file that is right cannot be written: %v", err)
		}
		if err := Check(path, "late"); err != nil {
			t.Fatalf("what was written is not right: %v", err)
		}
	})
}
