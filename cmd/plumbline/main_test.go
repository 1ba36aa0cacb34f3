package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/plumbline-data/plumbline/fixtures/lake"
)

var update = flag.Bool("update", false, "write what the program printed into the scripts' want files")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"plumbline": main})
}

// TestScripts runs testdata/*.txt against the program itself. Scripts that need the shared data begin with
// "[!shared] skip"; with PLUMBLINE_REQUIRE_SHARED=1 its absence is a failure.
func TestScripts(t *testing.T) {
	shared := ""
	if lake.HasShared(t) {
		shared = lake.Shared(t)
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("SHARED", shared)
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "shared" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return shared != "", nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"lagging":  lagging,
			"lastline": lastLine,
			"stops":    stops,
		},
	})
}

// exits is "exits CODE[,CODE] COMMAND ARG...": the command has to exit with just that code, or one of those.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE[,CODE] COMMAND ARG...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if !slices.Contains(strings.Split(args[0], ","), strconv.Itoa(got)) {
		ts.Fatalf("exit code %d, want %s", got, args[0])
	}
}

// stops is "stops SIGNAL CODE COMMAND ARG...": once the command has logged that it begins, it gets the signal, and has
// to be gone within 5 s, with that code and nothing on stdout.
func stops(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: stops SIGNAL CODE COMMAND ARG...")
	}
	sent := map[string]syscall.Signal{"SIGTERM": syscall.SIGTERM, "SIGINT": syscall.SIGINT}[args[0]]
	var stdout strings.Builder
	cmd := exec.Command(args[2], args[3:]...)
	cmd.Dir, cmd.Stdout = ts.MkAbs("."), &stdout
	words, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	defer cmd.Process.Kill()
	lines := bufio.NewScanner(words)
	for lines.Scan() && !strings.Contains(lines.Text(), "run begins") {
	}
	begun := time.Now()
	ts.Check(cmd.Process.Signal(sent))
	for lines.Scan() {
		ts.Logf("%s", lines.Text())
	}
	cmd.Wait()
	took, code := time.Since(begun), cmd.ProcessState.ExitCode()
	ts.Logf("exit code %d, %.2f s after %s", code, took.Seconds(), args[0])
	if strconv.Itoa(code) != args[1] || took > 5*time.Second || stdout.Len() > 0 {
		ts.Fatalf("exit code %d after %.2f s, want %s within 5 s; stdout %q", code, took.Seconds(), args[1], stdout.String())
	}
}

// lastLine is "lastline FROM TO": the last line of file FROM, without its line break, becomes file TO.
func lastLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: lastline FROM TO")
	}
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile(args[0]), "\n"), "\n")
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(lines[len(lines)-1]), 0o644))
}
