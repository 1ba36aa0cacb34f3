// Package ledger keeps what a loop's runs found: one DuckDB file per loop, published whole. A run writes an Edition, a
// private copy beside the ledger, and Commit puts it in the ledger's place by one rename: readers see the ledger before
// it or after it, and a run that is killed leaves the one before. Nothing in the file depends on when, where or by which
// process it was written.
package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/rs/zerolog"

	"github.com/plumbline-data/plumbline/engine/attribution"
	"github.com/plumbline-data/plumbline/engine/fault"
)

// Version is the version of the ledger's schema that this package writes. Begin migrates older ledgers to it.
const Version = 4

// defaultLockTimeout is how long Begin waits for another run where Options do not say.
const defaultLockTimeout = 10 * time.Minute

// Options say whose ledger it is and how long to wait for it.
type Options struct {
	// Loop is the loop's name; a ledger of another loop is refused. Required.
	Loop string
	// Loss is the loop's; a ledger whose newest evaluation is told in another is refused: its days hold other units. "" accepts any.
	Loss string
	// Binary tells the loop's task: its outcomes are 0 or 1; else it is a regression.
	Binary bool
	// LockTimeout is how long to wait for another run that is publishing to the same ledger. Zero means 10 minutes;
	// below zero means not at all.
	LockTimeout time.Duration
	// Hold, where not nil, is the lock of the ledger: the first Begin takes it over, and later ones take the lock anew.
	Hold *Hold
	// Log gets what the operator needs to know: waiting, swept folders, publication.
	Log zerolog.Logger

	// step, where not nil, is called before each step of Begin and Commit; its error fails the step.
	step func(name string) error
}

func (o Options) timeout() time.Duration {
	if o.LockTimeout == 0 {
		return defaultLockTimeout
	}
	return max(o.LockTimeout, 0)
}

func (o Options) before(ctx context.Context, step string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if o.step == nil {
		return nil
	}
	return o.step(step)
}

// DB runs stages on one DuckDB connection: a warehouse.DB does. It must be allowed to read the ledger's folder, and to write
// to it for an Edition.
type DB interface {
	Run(ctx context.Context, stage string, data any, params map[string]any) error
	Query(ctx context.Context, stage string, data any, params map[string]any, scan func(*sql.Rows) error) error
}

// Contents is an attached ledger: what an Edition and a Reader have in common. It serves one goroutine at a time, as its
// DB does, and a DB has one ledger attached at a time.
type Contents struct {
	db   DB
	path string // of the published ledger: what messages show
}

// Reader is a published ledger, attached read-only. It sees the ledger as it was at Open, whatever is published since.
type Reader struct {
	*Contents
}

// Open attaches the ledger at path read-only. A loop's name other than "" must be the ledger's. A ledger that does not
// exist is a fault for which errors.Is(err, fs.ErrNotExist).
func Open(ctx context.Context, db DB, path, loop string) (*Reader, error) {
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, &fault.Fault{Where: path, What: "no ledger there", Fix: "plumbline run makes it", Err: fs.ErrNotExist}
	}
	c := &Contents{db: db, path: path}
	if err := c.attach(ctx, path, stageAttachReadOnly); err != nil {
		return nil, err
	}
	if err := c.check(ctx, loop); err != nil {
		return nil, errors.Join(err, c.detach())
	}
	return &Reader{Contents: c}, nil
}

// Close detaches the ledger.
func (r *Reader) Close() error { return r.detach() }

// check accepts a ledger of this version and of the loop.
func (c *Contents) check(ctx context.Context, loop string) error {
	m, err := c.meta(ctx)
	switch {
	case err != nil:
		return err
	case m == nil:
		return c.foreign(nil)
	case m.version != Version:
		return fault.Data(c.path, "plumbline run brings it up to date", "the ledger has schema version %d, want %d", m.version, Version)
	case loop != "" && m.loop != loop:
		return c.otherLoop(m.loop, loop)
	}
	return nil
}

// resolve gives the absolute path that a ledger's path stands for, symbolic links followed, so that one ledger has one
// lock whatever it is called.
func resolve(path string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("ledger %q: %w", path, err)
	}
	if real, err := filepath.EvalSymlinks(absolute); err == nil {
		return real, nil
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(absolute))
	if err != nil {
		return "", &fault.Fault{Where: path, What: "the ledger's folder does not exist",
			Fix: "make the folder, or name another with --ledger", Usage: true, Err: err}
	}
	return filepath.Join(folder, filepath.Base(absolute)), nil
}

// dates gives days as texts that SQL casts to DATE[].
func dates(days []attribution.Day) []string {
	texts := make([]string, len(days))
	for i, d := range days {
		texts[i] = d.Start().Format(time.DateOnly)
	}
	return texts
}
