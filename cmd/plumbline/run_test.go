package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/report"
)

// ran answers for a run that found one finding of the given severity and state.
func ran(empty bool, severity, state string) *engine.Result {
	return &engine.Result{
		Empty:        empty,
		ResultLine:   []byte(`{"loop":"x"}`),
		FindingsPath: "x.findings.json",
		LedgerPath:   "x.duckdb",
		Findings: &report.Findings{
			Loop:     "x",
			Verdict:  "intake",
			Notes:    []string{"a note"},
			Findings: []report.Finding{{ID: "F-0123456789", Severity: severity, State: state, Cause: "time.zone_shift", Node: "weather"}},
		},
	}
}

func TestRunExitCode(t *testing.T) {
	const line = "{\"loop\":\"x\"}\n"
	tests := []struct {
		name   string
		flags  []string
		result *engine.Result
		err    error
		want   int
		stdout string
		stderr string // has to be in it
	}{
		{name: "done", result: ran(false, "high", "new"), want: 0, stdout: line, stderr: "run done"},
		{name: "findings below", flags: []string{"--fail-on", "high"}, result: ran(false, "medium", "new"), want: 0, stdout: line},
		{name: "findings at", flags: []string{"--fail-on", "high"}, result: ran(false, "high", "new"), want: 3, stdout: line, stderr: "severity high or above: 1"},
		{name: "findings above", flags: []string{"--fail-on", "low"}, result: ran(false, "medium", "ongoing"), want: 3, stdout: line},
		{name: "findings of any severity", flags: []string{"--fail-on", "info"}, result: ran(false, "info", "regressed"), want: 3, stdout: line},
		{name: "finding resolved", flags: []string{"--fail-on", "low"}, result: ran(false, "high", "resolved"), want: 0, stdout: line},
		{name: "empty is ok", result: ran(true, "low", "new"), want: 0, stdout: line},
		{name: "empty is skipped", flags: []string{"--on-empty", "skip"}, result: ran(true, "low", "new"), want: 99, stdout: line, stderr: "skipped"},
		{name: "empty fails", flags: []string{"--on-empty", "fail"}, result: ran(true, "low", "new"), want: 1, stdout: line, stderr: "hint: "},
		{name: "not empty", flags: []string{"--on-empty", "fail"}, result: ran(false, "low", "new"), want: 0, stdout: line},
		{name: "empty and findings", flags: []string{"--on-empty", "skip", "--fail-on", "low"}, result: ran(true, "high", "new"), want: 99, stdout: line},
		{name: "data at fault", err: fault.Data("a.parquet", "deliver it again", "is cut short"), want: 1, stderr: "plumbline: hint: deliver it again"},
		{name: "loop file at fault", err: fault.Usage("loop.yaml:3:1", "write at", "unknown key %q", "att"), want: 2, stderr: `loop.yaml:3:1: unknown key "att"`},
		{name: "one of two faults is the data's", err: errors.Join(fault.Usage("a", "", "b"), fault.Data("c", "", "d")), want: 1},
		{name: "any other error", err: errors.New("disk full"), want: 1, stderr: "plumbline: disk full"},
		{name: "cancelled by nobody's signal", err: context.Canceled, want: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			fake := engines{run: func(context.Context, engine.Options) (*engine.Result, error) { return tt.result, tt.err }}
			args := append([]string{"plumbline", "run", "loop.yaml", "--date", "2013-07-22"}, tt.flags...)
			got := run(t.Context(), args, &stdout, &stderr, noEnvironment, fake)
			if got != tt.want {
				t.Errorf("exit code %d, want %d; stderr:\n%s", got, tt.want, &stderr)
			}
			if stdout.String() != tt.stdout {
				t.Errorf("stdout %q, want %q", &stdout, tt.stdout)
			}
			if !strings.Contains(stderr.String(), tt.stderr) {
				t.Errorf("stderr lacks %q:\n%s", tt.stderr, &stderr)
			}
		})
	}
}

func TestRunPassesOptions(t *testing.T) {
	var got engine.Options
	fake := engines{run: func(_ context.Context, o engine.Options) (*engine.Result, error) {
		got = o
		return ran(false, "info", "new"), nil
	}}
	tmp := t.TempDir()
	args := []string{"plumbline", "run", "--from=2013-07-01T02:00:00+02:00", "loop.yaml", "-to", "2013-07-15", "--as-of", "2013-07-16 00:00:00.5+00:00",
		"--ledger", "a.duckdb", "--findings", "f.json", "--result-file", "r.json", "--memory", "512MiB", "--threads", "3", "--tmp", tmp,
		"--lock-timeout", "0s", "--log-format", "json"}
	if code := run(t.Context(), args, io.Discard, io.Discard, noEnvironment, fake); code != 0 {
		t.Fatalf("exit code %d, want 0", code)
	}
	want := engine.Options{
		LoopFile: "loop.yaml", From: day(2013, 7, 1), To: day(2013, 7, 15), AsOf: day(2013, 7, 16).Add(500 * time.Millisecond),
		Ledger: "a.duckdb", Findings: "f.json", ResultFile: "r.json", Memory: 512 << 20, Threads: 3, Temp: tmp, LockTimeout: 1,
	}
	got.Log, got.Progress = want.Log, nil
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) && a.Location() == b.Location() }),
		cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Log" }, cmp.Ignore())); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
}

func TestRunLogsJSONWithAirflowsNames(t *testing.T) {
	var stderr bytes.Buffer
	fake := engines{run: func(context.Context, engine.Options) (*engine.Result, error) { return ran(false, "info", "new"), nil }}
	environment := map[string]string{"AIRFLOW_CTX_DAG_ID": "night", "AIRFLOW_CTX_DAG_RUN_ID": "scheduled__2013-07-22",
		"AIRFLOW_CTX_TASK_ID": "run", "AIRFLOW_CTX_TRY_NUMBER": "2"}
	code := run(t.Context(), []string{"plumbline", "run", "loop.yaml", "--date=2013-07-22"}, io.Discard, &stderr,
		func(name string) string { return environment[name] }, fake)
	if code != 0 {
		t.Fatalf("exit code %d, want 0", code)
	}
	lines := strings.Split(strings.TrimSuffix(stderr.String(), "\n"), "\n")
	for i, line := range lines {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatalf("line %d of stderr is not JSON: %s", i+1, line)
		}
		if i > 0 {
			continue
		}
		for name, want := range map[string]string{"message": "run begins", "airflow_dag_id": "night", "airflow_dag_run_id": "scheduled__2013-07-22",
			"airflow_task_id": "run", "airflow_try_number": "2", "from": "2013-07-22T00:00:00Z", "to": "2013-07-23T00:00:00Z", "as_of": "2013-07-23T00:00:00Z"} {
			if fields[name] != want {
				t.Errorf("%s = %v, want %q", name, fields[name], want)
			}
		}
	}
	if len(lines) != 4 { // begins, note, finding, done
		t.Errorf("%d log lines, want 4:\n%s", len(lines), &stderr)
	}
}

func TestRunOnConsole(t *testing.T) {
	var stderr bytes.Buffer
	fake := engines{run: func(context.Context, engine.Options) (*engine.Result, error) { return ran(false, "high", "new"), nil }}
	run(t.Context(), []string{"plumbline", "run", "loop.yaml", "--date=2013-07-22", "--log-format=console"}, io.Discard, &stderr, noEnvironment, fake)
	for _, want := range []string{"verdict      intake; retrain: cannot tell\n", "note         a note\n",
		"FINDING       SEVERITY  STATE  CAUSE", "F-0123456789  high      new    time.zone_shift  weather"} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("stderr lacks %q:\n%s", want, &stderr)
		}
	}
	if strings.Contains(stderr.String(), "\x1b") {
		t.Errorf("colour without a terminal:\n%q", &stderr)
	}
}

func TestRunStopped(t *testing.T) {
	for _, tt := range []struct {
		signal syscall.Signal
		want   int
	}{{syscall.SIGTERM, 143}, {syscall.SIGINT, 130}} {
		t.Run(tt.signal.String(), func(t *testing.T) {
			ctx, release := untilStopped(t.Context(), time.Minute, io.Discard, func(code int) { t.Errorf("left at once, with code %d", code) })
			defer release()
			fake := engines{run: func(ctx context.Context, _ engine.Options) (*engine.Result, error) {
				if err := syscall.Kill(syscall.Getpid(), tt.signal); err != nil {
					t.Error(err)
				}
				<-ctx.Done()
				return nil, ctx.Err()
			}}
			var stdout, stderr bytes.Buffer
			got := run(ctx, []string{"plumbline", "run", "loop.yaml", "--date", "2013-07-22"}, &stdout, &stderr, noEnvironment, fake)
			if got != tt.want || stdout.Len() > 0 {
				t.Errorf("exit code %d, want %d; stdout %q", got, tt.want, &stdout)
			}
			if !strings.Contains(stderr.String(), "plumbline: stopped by SIG") || strings.Contains(stderr.String(), "context canceled") {
				t.Errorf("stderr:\n%s", &stderr)
			}
		})
	}
}

func TestStoppedAndNotWaitedFor(t *testing.T) {
	left := make(chan int, 1)
	_, release := untilStopped(t.Context(), 10*time.Millisecond, io.Discard, func(code int) { left <- code })
	defer release()
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case code := <-left:
		if code != 143 {
			t.Errorf("left with code %d, want 143", code)
		}
	case <-time.After(5 * time.Second):
		t.Error("still there 5 s after SIGTERM")
	}
}

func TestPanicIsAFailure(t *testing.T) {
	var stderr bytes.Buffer
	fake := engines{run: func(context.Context, engine.Options) (*engine.Result, error) { panic("out of cheese") }}
	code := run(t.Context(), []string{"plumbline", "run", "loop.yaml", "--date", "2013-07-22"}, io.Discard, &stderr, noEnvironment, fake)
	if code != 1 || !strings.Contains(stderr.String(), "internal error: out of cheese") {
		t.Errorf("exit code %d, want 1; stderr:\n%s", code, &stderr)
	}
}

func noEnvironment(string) string { return "" }

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}
