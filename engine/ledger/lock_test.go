package ledger

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// TestMain lets the test binary play a run in a process of its own.
func TestMain(m *testing.M) {
	if path := os.Getenv("LEDGER_TEST_PATH"); path != "" {
		os.Exit(otherProcess(path, os.Getenv("LEDGER_TEST_STEP")))
	}
	os.Exit(m.Run())
}

// otherProcess publishes days 2 and 3, and kills itself before a step; before "writer" it opens the ledger for writing
// instead, and waits.
func otherProcess(path, step string) int {
	ctx, t := context.Background(), &testing.T{}
	db := newDB(t)
	if step == "writer" {
		db.exec(t, "attach '"+path+"' as other")
		fmt.Println("ready")
		time.Sleep(time.Minute)
	}
	if limit, err := strconv.ParseUint(os.Getenv("LEDGER_TEST_LIMIT"), 10, 64); err == nil {
		signal.Ignore(syscall.SIGXFSZ) // a write beyond the limit fails, as on a full disk
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			fmt.Println(err)
			return 2
		}
	}
	db.handOver(t, 2, 2, 2000)
	err := attempt(ctx, t, db, path, options(func(o *Options) {
		o.LockTimeout = time.Minute
		o.step = func(name string) error {
			if name == step {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
				time.Sleep(time.Minute)
			}
			return nil
		}
	}))
	if err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

func process(t testing.TB, path, step string) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "LEDGER_TEST_PATH="+path, "LEDGER_TEST_STEP="+step)
	c.Stderr = os.Stderr
	return c
}

// TestKilled kills a run before each step: a reader finds the ledger before it, or after its rename the one after it.
func TestKilled(t *testing.T) {
	published := map[string]bool{"sync folder": true}
	for _, step := range []string{"sweep", "copy", "attach", "prepare", "views", "checkpoint", "detach", "sync", "rename", "sync folder"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "ledger.duckdb")
			publish(t, newDB(t), path, 0, 2, 10)
			err := process(t, path, step).Run()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
				t.Fatalf("the other process: %v, want killed", err)
			}
			want := 2
			if published[step] {
				want = 4
			}
			r, _ := open(t, path)
			if days, err := r.Days(t.Context(), day(0), day(9)); err != nil || len(days) != want {
				t.Errorf("%d days, %v, want %d", len(days), err, want)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
			publish(t, newDB(t), path, 2, 2, 10)
			onlyLedger(t, path)
		})
	}
}

// TestDiskFull stops the writing of the copy, and what is added to it: the ledger stays, and nothing else.
func TestDiskFull(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.duckdb")
	publish(t, newDB(t), path, 0, 2, 2000)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int{len(before) / 2, len(before) + 4096} {
		full := process(t, path, "none")
		full.Env = append(full.Env, fmt.Sprint("LEDGER_TEST_LIMIT=", limit))
		out, err := full.Output()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(strings.ToLower(string(out)), "file too large") {
			t.Errorf("%d bytes: %v, %s", limit, err, out)
		}
		if after, _ := os.ReadFile(path); string(after) != string(before) {
			t.Errorf("%d bytes: the ledger was changed", limit)
		}
		onlyLedger(t, path)
	}
}

func TestTwoWriters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.duckdb")
	e := begin(t, newDB(t), path)
	_, err := Begin(t.Context(), newDB(t), path, options(func(o *Options) { o.LockTimeout = 150 * time.Millisecond }))
	host, _ := os.Hostname()
	if len(fault.All(err)) != 1 || !strings.Contains(err.Error(), fmt.Sprintf("host %s, PID %d, for ", host, os.Getpid())) {
		t.Errorf("the second writer: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
	defer cancel()
	if _, err := Begin(ctx, newDB(t), path, options(func(o *Options) { o.LockTimeout = time.Hour })); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a stopped writer: %v", err)
	}
	waiting := process(t, path, "")
	if err := waiting.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	commit(t, e)
	if err := waiting.Wait(); err != nil {
		t.Errorf("the writer that waited: %v", err)
	}
	r, _ := open(t, path)
	if days, err := r.Days(t.Context(), day(0), day(9)); err != nil || len(days) != 2 {
		t.Errorf("%d days, %v, want 2", len(days), err)
	}
	onlyLedger(t, path)
}

// TestOpenForWritingElsewhere: a program that has the ledger open for writing may change it at any time, and is waited for.
func TestOpenForWritingElsewhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.duckdb")
	db := newDB(t)
	publish(t, db, path, 0, 2, 10)
	other := process(t, path, "writer")
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer other.Wait()
	defer other.Process.Kill()
	if _, err := out.Read(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	_, err = Begin(t.Context(), db, path, options(nil))
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("open for writing in PID %d", other.Process.Pid)) {
		t.Errorf("Begin: %v", err)
	}
	if _, err := Open(t.Context(), db, path, "flights"); err == nil || !strings.Contains(err.Error(), "open for writing in another program") {
		t.Errorf("Open: %v", err)
	}
	if err := other.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = other.Wait()
	publish(t, db, path, 2, 2, 10)
}

// TestReadersDuringPublish: readers that attached before a publication keep what they saw and never hold it up.
func TestReadersDuringPublish(t *testing.T) {
	path := ledgerPath(t)
	db := newDB(t)
	publish(t, db, path, 0, 2, 10)
	before, beforeDB := open(t, path)
	publish(t, db, path, 2, 2, 10)
	after, _ := open(t, path)
	publish(t, db, path, 4, 2, 10)
	for _, tt := range []struct {
		reader *Reader
		want   int
	}{{before, 2}, {after, 4}} {
		if days, err := tt.reader.Days(t.Context(), day(0), day(99)); err != nil || len(days) != tt.want {
			t.Errorf("%d days, %v, want %d", len(days), err, tt.want)
		}
	}
	if err := before.Close(); err != nil {
		t.Error(err)
	}
	again, err := Open(t.Context(), beforeDB, path, "flights")
	if err != nil {
		t.Fatal(err)
	}
	if days, err := again.Days(t.Context(), day(0), day(99)); err != nil || len(days) != 6 {
		t.Errorf("%d days, %v, want 6", len(days), err)
	}
}

// TestChangesLeftBeside: what another program wrote and did not fold in is carried over, and no log stays that would not
// fit the new ledger.
func TestChangesLeftBeside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.duckdb")
	db := newDB(t)
	publish(t, db, path, 0, 2, 10)
	crashed := filepath.Join(t.TempDir(), "crashed.duckdb")
	copyTo(t, path, crashed)
	other := newDB(t)
	other.exec(t, "attach '"+crashed+"' as other")
	other.exec(t, "create table other.notes as select 'mine' as note")
	copyTo(t, changesOf(crashed), changesOf(path))
	publish(t, db, path, 2, 2, 10)
	onlyLedger(t, path)
	_, reader := open(t, path)
	if got := reader.texts(t, "select note from ledger.notes"); len(got) != 1 || got[0] != "mine" {
		t.Errorf("notes %q", got)
	}
}

func copyTo(t testing.TB, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, content, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestHold: a held lock is taken over by the first edition, keeps others away until that ends, and is taken anew by the next.
func TestHold(t *testing.T) {
	path, db := ledgerPath(t), newDB(t)
	hold, err := TakeHold(t.Context(), path, options(nil))
	if err != nil {
		t.Fatal(err)
	}
	defer hold.Release()
	if other, err := TakeHold(t.Context(), path, options(nil)); err == nil {
		other.Release()
		t.Error("a lock is held twice")
	}
	for i := range 2 {
		e, err := Begin(t.Context(), db, path, options(func(o *Options) { o.Hold = hold }))
		if err != nil {
			t.Fatalf("edition %d: %v", i, err)
		}
		if other, err := TakeHold(t.Context(), path, options(nil)); err == nil {
			other.Release()
			t.Errorf("edition %d does not hold the lock", i)
		}
		if err := e.Commit(t.Context(), nil); err != nil {
			t.Fatalf("edition %d: %v", i, err)
		}
	}
	free, err := TakeHold(t.Context(), path, options(nil))
	if err != nil {
		t.Fatal(err)
	}
	free.Release()
}
