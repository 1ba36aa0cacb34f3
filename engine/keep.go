package engine

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/ledger"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/report"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Keeping says what is to be done with a ledger beside telling what it holds.
type Keeping struct {
	Verify  bool // hold it against itself, and its files against their digests
	Compact bool // write it anew, without what is no longer of use
}

// Keep tells what a loop's ledger holds. A ledger that fails a check is told, and never written anew.
func Keep(ctx context.Context, o Options, k Keeping) (h *report.Holdings, err error) {
	err = o.onLedger(ctx, func(o Options, l *loop.Loop, db *warehouse.DB) error {
		h, err = keepIn(ctx, o, l, db, k)
		return err
	})
	return h, err
}

func keepIn(ctx context.Context, o Options, l *loop.Loop, db *warehouse.DB, k Keeping) (h *report.Holdings, err error) {
	h, err = holdings(ctx, db, o, l, k.Verify || k.Compact)
	if err != nil || !k.Compact {
		return h, err
	}
	if len(h.Failures) > 0 {
		return h, nil // written anew it would fail them too, and what can still be told of it would be gone
	}
	before := h.Size + h.RowFilesSize + h.UnlistedSize
	if err := compact(ctx, db, o, l); err != nil {
		return nil, err
	}
	if h, err = holdings(ctx, db, o, l, true); err != nil {
		return nil, err
	}
	h.Before = &before
	return h, nil
}

// holdings reads what the ledger holds, and checks it where that is asked for.
func holdings(ctx context.Context, db *warehouse.DB, o Options, l *loop.Loop, verify bool) (h *report.Holdings, err error) {
	r, err := ledger.Open(ctx, db, o.Ledger, l.Name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	folder := rowsFolderOf(o.Ledger)
	has, err := r.Holdings(ctx, folder)
	if err != nil {
		return nil, err
	}
	h = &report.Holdings{
		Path: o.Ledger, Loop: l.Name, SchemaVersion: has.SchemaVersion, Engines: has.Engines, Size: has.Size,
		Days: has.Days, Filled: has.Filled, Open: has.Open, Predictions: has.Predictions, Matched: has.Matched, Pending: has.Pending, Missing: has.Missing,
		Cells: has.Cells, Layouts: has.Layouts, Evaluations: has.Evaluations, Runs: has.Runs, InputFiles: has.InputFiles,
		RowFiles: has.RowFiles, RowFilesSize: has.RowFilesSize, RetainDays: retainDays(l), Verified: verify,
	}
	if has.FirstDay.Valid {
		h.First, h.Last = has.FirstDay.Time.Format(time.DateOnly), has.LastDay.Time.Format(time.DateOnly)
	}
	if has.FirstBoundary.Valid {
		h.FirstBoundary, h.LastBoundary = has.FirstBoundary.Time.Format(time.DateOnly), has.LastBoundary.Time.Format(time.DateOnly)
	}
	unlisted, err := r.Unlisted(ctx, folder)
	if err != nil {
		return nil, err
	}
	for _, path := range unlisted {
		if info, err := os.Stat(path); err == nil {
			h.Unlisted, h.UnlistedSize = h.Unlisted+1, h.UnlistedSize+info.Size()
		}
	}
	if !verify {
		return h, nil
	}
	failures, err := r.Check(ctx, folder)
	for _, f := range failures {
		h.Failures = append(h.Failures, report.HoldingsFailure(f))
	}
	return h, err
}

// compact writes the ledger anew under its lock, and removes row-level files that it does not list.
func compact(ctx context.Context, db *warehouse.DB, o Options, l *loop.Loop) error {
	e, err := ledger.Begin(ctx, db, o.Ledger, o.ofLedger(l))
	if err != nil {
		return err
	}
	if err := compactIn(ctx, e, o, l); err != nil {
		return errors.Join(err, e.Abort())
	}
	return e.Commit(ctx, nil)
}

// ofLedger says whose ledger it is, and how long to wait for it.
func (o Options) ofLedger(l *loop.Loop) ledger.Options {
	return ledger.Options{Loop: l.Name, Loss: string(l.Loss), Binary: l.Task == loop.Binary, LockTimeout: o.LockTimeout, Log: o.Log}
}

func compactIn(ctx context.Context, e *ledger.Edition, o Options, l *loop.Loop) error {
	if err := e.ExpireRows(ctx, retainDays(l)); err != nil {
		return err
	}
	unlisted, err := e.Unlisted(ctx, rowsFolderOf(o.Ledger))
	if err != nil {
		return err
	}
	e.RemoveAfter(unlisted)
	return e.Compact(ctx)
}

// retainDays is for how many days row-level files are kept.
func retainDays(l *loop.Loop) int { return int((l.Retain + day - 1) / day) }

// rowsFolderOf is where a ledger's row-level files are.
func rowsFolderOf(path string) string { return path + ".rows" }

// Unsound is the fault of a ledger that fails checks.
func Unsound(h *report.Holdings) error {
	return fault.Data(h.Path, "move it away and run again: a ledger is rebuilt from the loop's files", "the ledger fails %d of its checks", len(h.Failures))
}
