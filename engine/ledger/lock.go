package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// pollEvery is how often a waiting run looks whether the lock is free.
const pollEvery = 100 * time.Millisecond

// lock is an exclusive flock on <ledger>.lock. The file stays for good: deleting it would let two runs hold locks on two
// files of one name. What is written inside is for the message of those who wait, never for the decision.
type lock struct{ file *os.File }

// Hold is the lock of a ledger, for a run that must not be overtaken.
type Hold struct{ lock *lock }

// TakeHold waits for the lock of the ledger at path, as Begin does.
func TakeHold(ctx context.Context, path string, o Options) (*Hold, error) {
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	l, err := takeLock(ctx, path, o.timeout(), o.Log)
	return &Hold{l}, err
}

// Release gives the lock up, unless Begin took it over.
func (h *Hold) Release() {
	if h.lock != nil {
		_ = h.lock.release() // closing the file gives it up all the same
	}
	h.lock = nil
}

// takeLock waits until it holds the lock, up to timeout.
func takeLock(ctx context.Context, ledger string, timeout time.Duration, log zerolog.Logger) (*lock, error) {
	path := ledger + ".lock"
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if errors.Is(err, fs.ErrPermission) {
		file, err = os.Open(path) // made by another user: can be locked, not written
	}
	if err != nil {
		return nil, &fault.Fault{Where: path, What: "the ledger cannot be locked",
			Fix: "let this user write to the ledger's folder", Err: err}
	}
	started, told := time.Now(), false
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			l := &lock{file: file}
			l.sign()
			return l, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			file.Close()
			return nil, &fault.Fault{Where: path, What: "the ledger cannot be locked",
				Fix: "keep the ledger on a file system that has flock", Err: err}
		}
		holder := readHolder(path)
		if time.Since(started) >= timeout {
			file.Close()
			return nil, fault.Data(ledger, "wait until it ends, or stop it",
				"another run is publishing to the ledger: %s; waited %s", holder, time.Since(started).Round(100*time.Millisecond))
		}
		if !told {
			log.Info().Str("ledger", ledger).Str("holder", holder).Msg("waiting for the ledger's lock")
			told = true
		}
		if err := sleep(ctx, min(pollEvery, timeout-time.Since(started))); err != nil {
			file.Close()
			return nil, fmt.Errorf("waiting for the lock of %s: %w", ledger, err)
		}
	}
}

// sign writes who holds the lock. It is for a message only: a failure is no reason to stop.
func (l *lock) sign() {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	text := fmt.Sprintf("%s %d %s\n", strings.Join(strings.Fields(host), "-"), os.Getpid(), time.Now().UTC().Format(time.RFC3339))
	if l.file.Truncate(0) == nil {
		_, _ = l.file.WriteAt([]byte(text), 0)
	}
}

// release gives the lock up. Closing the file does, even where the unlocking fails.
func (l *lock) release() error {
	if l == nil {
		return nil
	}
	_ = l.file.Truncate(0)
	return errors.Join(syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close())
}

// readHolder tells who holds the lock, as far as the lock file says.
func readHolder(path string) string {
	const unknown = "holder unknown"
	file, err := os.Open(path)
	if err != nil {
		return unknown
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, 1024))
	if err != nil {
		return unknown
	}
	fields := strings.Fields(string(text))
	if len(fields) != 3 {
		return unknown
	}
	since, err := time.Parse(time.RFC3339, fields[2])
	if err != nil {
		return unknown
	}
	age := max(time.Since(since), 0).Round(time.Second)
	return fmt.Sprintf("host %s, PID %s, for %s", fields[0], fields[1], age)
}

// sleep waits for d, or less if ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// holdStill takes a shared lock on the ledger file, as DuckDB's own readers do, and keeps it while source is open: a
// program that has the ledger open for writing is waited for, and none can open it for writing between the copy and the
// rename. Closing any other handle of this process on the file would give the lock up early; no more than that.
func holdStill(ctx context.Context, source *os.File, ledger string, timeout time.Duration, log zerolog.Logger) error {
	started, told := time.Now(), false
	for {
		shared := syscall.Flock_t{Type: syscall.F_RDLCK, Whence: io.SeekStart}
		err := syscall.FcntlFlock(source.Fd(), syscall.F_SETLK, &shared)
		if !errors.Is(err, syscall.EAGAIN) && !errors.Is(err, syscall.EACCES) {
			return nil // held, or a file system without such locks, where DuckDB has none either
		}
		holder := "another program"
		writer := syscall.Flock_t{Type: syscall.F_RDLCK, Whence: io.SeekStart}
		if syscall.FcntlFlock(source.Fd(), syscall.F_GETLK, &writer) == nil && writer.Pid > 0 {
			holder = fmt.Sprintf("PID %d", writer.Pid)
		}
		if time.Since(started) >= timeout {
			return fault.Data(ledger, "close it there, or open it read-only: duckdb -readonly",
				"the ledger is open for writing in %s", holder)
		}
		if !told {
			log.Info().Str("ledger", ledger).Str("holder", holder).Msg("waiting for a program that has the ledger open for writing")
			told = true
		}
		if err := sleep(ctx, min(pollEvery, timeout-time.Since(started))); err != nil {
			return fmt.Errorf("waiting for %s: %w", ledger, err)
		}
	}
}
