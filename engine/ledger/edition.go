package ledger

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// Edition is the ledger's next edition: a private copy, attached for writing, while the lock is held. Commit publishes
// it, Abort drops it; one of both must be called, and `defer e.Abort()` is right in either case.
type Edition struct {
	*Contents
	options Options
	lock    *lock
	source  *os.File // the published ledger, held still; nil if there is none
	staging string   // folder of the copy
	file    string   // the copy
	broken  error    // the first failure of a change: what is half done is not published
	done    bool

	removals []string // files to be removed once it is published
}

// Rename moves a file that the caller staged, on the same file system, to its final name.
type Rename struct {
	From, To string
	// Before has it moved before the ledger, not after: for files that the ledger lists, whose names nobody else uses. One
	// that the ledger does not come to list is left over.
	Before bool
}

// Begin takes the ledger's lock, removes what stopped runs left, copies the ledger and attaches the copy, with its tables
// made or brought up to date. The db must have no other ledger attached. A file that is no ledger, is of another loop or
// of a newer plumbline is a fault, and is left as it is.
func Begin(ctx context.Context, db DB, path string, o Options) (*Edition, error) {
	if o.Loop == "" {
		return nil, errors.New("ledger: no name of a loop")
	}
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	e := &Edition{Contents: &Contents{db: db, path: path}, options: o}
	if err := o.before(ctx, "lock"); err != nil {
		return nil, err
	}
	if o.Hold != nil && o.Hold.lock != nil {
		e.lock, o.Hold.lock = o.Hold.lock, nil
	} else if e.lock, err = takeLock(ctx, path, o.timeout(), o.Log); err != nil {
		return nil, err
	}
	attached, err := e.open(ctx)
	if err != nil {
		return nil, errors.Join(err, e.end(attached))
	}
	return e, nil
}

// open makes the copy and attaches it.
func (e *Edition) open(ctx context.Context) (attached bool, err error) {
	if err := e.options.before(ctx, "sweep"); err != nil {
		return false, err
	}
	if err := sweep(e.path, e.options.Log); err != nil {
		return false, err
	}
	if e.staging, err = os.MkdirTemp(filepath.Dir(e.path), stagingPrefix(e.path)); err != nil {
		return false, &fault.Fault{Where: e.path, What: "the ledger's folder cannot be written",
			Fix: "let this user write to it", Err: err}
	}
	e.file = filepath.Join(e.staging, "ledger.duckdb")
	if err := e.options.before(ctx, "copy"); err != nil {
		return false, err
	}
	if e.source, err = copyLedger(ctx, e.path, e.file, e.options); err != nil {
		return false, err
	}
	if err := e.options.before(ctx, "attach"); err != nil {
		return false, err
	}
	if err := e.attach(ctx, e.file, stageAttach); err != nil {
		if ctx.Err() != nil {
			_ = e.detach() // stopped, perhaps just after it was attached
		}
		return false, err
	}
	if err := e.options.before(ctx, "prepare"); err != nil {
		return true, err
	}
	return true, e.prepare(ctx, e.options.Loop, e.options.Loss)
}

// Staging is a folder beside the ledger that lasts as long as the edition, for files to be renamed by Commit.
func (e *Edition) Staging() string { return e.staging }

// Abort drops the edition and gives the lock up; the ledger is as it was. After Commit or Abort it does nothing.
func (e *Edition) Abort() error {
	if e.done {
		return nil
	}
	return e.end(true)
}

// end ends the edition, detaching it first where it is attached.
func (e *Edition) end(attached bool) error {
	e.done = true
	var errs []error
	if attached {
		errs = append(errs, e.detach())
	}
	if e.staging != "" {
		errs = append(errs, os.RemoveAll(e.staging))
	}
	if e.source != nil {
		errs = append(errs, e.source.Close())
	}
	return errors.Join(append(errs, e.lock.release())...)
}

// Commit makes the edition the ledger, then moves the files of also to their names, in order, and gives the lock up.
// Until the ledger's own rename an error leaves the ledger as it was; after it the ledger is published, and the error says
// which file is not. A run that is repeated mends that.
func (e *Edition) Commit(ctx context.Context, also []Rename) error {
	if e.done {
		return errors.New("ledger: the edition has ended")
	}
	if e.lock == nil {
		return errors.New("ledger: one without a file cannot be published")
	}
	if e.broken != nil {
		return errors.Join(fmt.Errorf("ledger: a change failed, so that nothing is published: %w", e.broken), e.Abort())
	}
	attached, err := e.finish(ctx, also)
	if err == nil {
		err = e.publish(ctx, also)
	}
	return errors.Join(err, e.end(attached))
}

// finish closes the copy, complete and on the disk.
func (e *Edition) finish(ctx context.Context, also []Rename) (attached bool, err error) {
	if err := e.options.before(ctx, "views"); err != nil {
		return true, err
	}
	if err := e.refreshViews(ctx); err != nil {
		return true, err
	}
	if err := e.options.before(ctx, "checkpoint"); err != nil {
		return true, err
	}
	if err := e.db.Run(ctx, stageCheckpoint, nil, nil); err != nil {
		return true, err
	}
	if err := e.options.before(ctx, "detach"); err != nil {
		return true, err
	}
	if err := e.detach(); err != nil {
		return true, err
	}
	if _, err := os.Stat(changesOf(e.file)); !errors.Is(err, fs.ErrNotExist) {
		return false, errors.New("ledger: the checkpoint left changes behind")
	}
	if err := e.options.before(ctx, "sync"); err != nil {
		return false, err
	}
	if err := os.Chmod(e.file, 0o644); err != nil {
		return false, fmt.Errorf("new ledger: %w", err)
	}
	if err := syncPath(e.file); err != nil {
		return false, fmt.Errorf("new ledger: %w", err)
	}
	for _, r := range also {
		if err := syncPath(r.From); err != nil {
			return false, fmt.Errorf("%s, staged: %w", filepath.Base(r.To), err)
		}
	}
	return false, nil
}

// publish renames. A log of changes beside the ledger is part of the copy since Begin, and would not fit the new ledger.
func (e *Edition) publish(ctx context.Context, also []Rename) error {
	if err := e.options.before(ctx, "rename"); err != nil {
		return err
	}
	if err := e.move(ctx, also, true); err != nil {
		return err
	}
	if err := os.Remove(changesOf(e.path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("ledger's log of changes: %w", err)
	}
	if err := os.Rename(e.file, e.path); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	// From here on the ledger is published, and what follows is finished even if ctx ends.
	ctx = context.WithoutCancel(ctx)
	if err := e.options.before(ctx, "sync folder"); err != nil {
		return err
	}
	if err := syncPath(filepath.Dir(e.path)); err != nil {
		return fmt.Errorf("ledger's folder: %w", err)
	}
	e.options.Log.Info().Str("ledger", e.path).Msg("ledger published")
	if err := e.move(ctx, also, false); err != nil {
		return fmt.Errorf("the ledger is published, not all beside it: %w", err)
	}
	e.remove()
	return nil
}

// move renames the files that go before the ledger, or those that go after it.
func (e *Edition) move(ctx context.Context, also []Rename, before bool) error {
	folders := map[string]bool{}
	for _, r := range also {
		if r.Before != before {
			continue
		}
		if err := e.options.before(ctx, "rename also"); err != nil {
			return err
		}
		if err := os.Rename(r.From, r.To); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(r.To), err)
		}
		folders[filepath.Dir(r.To)] = true
	}
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		if err := syncPath(folder); err != nil {
			return fmt.Errorf("folder %s: %w", folder, err)
		}
	}
	return nil
}

// change runs f as one change of the edition; after a failure nothing more is changed or published.
func (e *Edition) change(f func() error) error {
	if e.done {
		return errors.New("ledger: the edition has ended")
	}
	if e.broken == nil {
		e.broken = f()
	}
	return e.broken
}
