package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rs/zerolog"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// stagingPrefix begins the names of the folders in which editions of the ledger are written. They exist only under the
// lock, so that under the lock every one found is a dead run's.
func stagingPrefix(ledger string) string {
	return "." + filepath.Base(ledger) + ".staging-"
}

// sweep removes the folders that dead runs left.
func sweep(ledger string, log zerolog.Logger) error {
	folder := filepath.Dir(ledger)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("ledger's folder: %w", err)
	}
	for _, entry := range entries {
		if !entry.IsDir() || !strings.HasPrefix(entry.Name(), stagingPrefix(ledger)) {
			continue
		}
		stale := filepath.Join(folder, entry.Name())
		if err := os.RemoveAll(stale); err != nil {
			return fmt.Errorf("remains of a run that was stopped: %w", err)
		}
		log.Info().Str("folder", stale).Msg("swept what a stopped run left")
	}
	return nil
}

// copyChunk is how much is copied between two looks at the context: 64 MiB.
const copyChunk = 64 << 20

// copyFile copies what source holds to a new file at target.
func copyFile(ctx context.Context, source io.Reader, target string) (err error) {
	out, err := os.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("copy of the ledger: %w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		_, err := io.CopyN(out, source, copyChunk)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("copy of the ledger: %w", err)
		}
	}
}

// copyLedger copies the published ledger to target, with the log of changes that a program other than plumbline may have
// left beside it. It returns the ledger's handle, whose lock keeps writers away until it is closed; nil if there is no
// ledger yet. An empty file counts as none.
func copyLedger(ctx context.Context, ledger, target string, o Options) (source *os.File, err error) {
	source, err = os.Open(ledger)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, unreadableFile(ledger, err)
	}
	defer func() {
		if err != nil {
			source.Close()
			source = nil
		}
	}()
	info, err := source.Stat()
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fault.Usage(ledger, "name a file with --ledger", "the ledger is not a file")
	}
	if err := holdStill(ctx, source, ledger, o.timeout(), o.Log); err != nil {
		return nil, err
	}
	if info.Size() == 0 {
		return source, nil
	}
	if err := copyFile(ctx, source, target); err != nil {
		return nil, err
	}
	changes, err := os.Open(changesOf(ledger))
	if errors.Is(err, fs.ErrNotExist) {
		return source, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ledger's log of changes: %w", err)
	}
	defer changes.Close()
	return source, copyFile(ctx, changes, changesOf(target))
}

// unreadableFile is the fault of a ledger that this user may not read.
func unreadableFile(ledger string, err error) error {
	return &fault.Fault{Where: ledger, What: "the ledger cannot be read", Fix: "let this user read it", Err: err}
}

// changesOf names DuckDB's write-ahead log of a database file.
func changesOf(database string) string { return database + ".wal" }

// syncPath flushes a file or folder to the disk.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
