package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/plumbline-data/plumbline/engine/attribution"
)

// RowFile is one file of row-level fingerprints.
type RowFile struct {
	Day    attribution.Day
	Name   string // made from the content's hash; no folder
	Rows   int64
	Digest string // 64 hex of sha256 over the content
}

// PutRowFiles writes the row-level files of the days, in the place of all that the ledger lists for them: with no file it
// forgets those days. The files themselves are the caller's to write before Commit.
func (e *Edition) PutRowFiles(ctx context.Context, days []attribution.Day, files []RowFile) error {
	type row struct {
		Day    string `json:"day"`
		Name   string `json:"name"`
		Rows   int64  `json:"rows"`
		Digest string `json:"digest"`
	}
	return e.change(func() error {
		if err := e.db.Run(ctx, "545_ledger_delete_row_files", nil, map[string]any{"days": dates(days)}); err != nil {
			return err
		}
		if len(files) == 0 {
			return nil
		}
		rows := make([]row, len(files))
		for i, f := range files {
			rows[i] = row{Day: dates([]attribution.Day{f.Day})[0], Name: f.Name, Rows: f.Rows, Digest: f.Digest}
		}
		return e.insert(ctx, "544_ledger_insert_row_files", rows, nil)
	})
}

// RowFiles gives the row-level files, ordered by day and name.
func (c *Contents) RowFiles(ctx context.Context) ([]RowFile, error) {
	var all []RowFile
	err := c.db.Query(ctx, "574_ledger_read_row_files", nil, nil, func(rows *sql.Rows) error {
		var f RowFile
		err := rows.Scan(&f.Day, &f.Name, &f.Rows, &f.Digest)
		all = append(all, f)
		return err
	})
	return all, c.unreadable(ctx, err)
}

// ExpireRows forgets the row-level files of days more than so many before the end of the newest, and which files runs read that ended before
// then: what is kept depends on the days that the ledger holds, not on the order in which they came.
func (e *Edition) ExpireRows(ctx context.Context, days int) error {
	return e.change(func() error {
		for _, stage := range []string{"595_ledger_expire_row_files", "596_ledger_expire_input_files"} {
			if err := e.db.Run(ctx, stage, nil, map[string]any{"days": days}); err != nil {
				return err
			}
		}
		return nil
	})
}

// rowFileName is how row-level files are named.
var rowFileName = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}-[0-9a-f]{16}\.parquet$`)

// Unlisted gives the row-level files in a folder that the ledger does not list, in order; files of other names are nobody's business here. A
// folder that is not there holds none.
func (c *Contents) Unlisted(ctx context.Context, folder string) (paths []string, err error) {
	listed, err := c.RowFiles(ctx)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("row-level files: %w", err)
	}
	for _, entry := range entries {
		if rowFileName.MatchString(entry.Name()) && !slices.ContainsFunc(listed, func(f RowFile) bool { return f.Name == entry.Name() }) {
			paths = append(paths, filepath.Join(folder, entry.Name()))
		}
	}
	return paths, nil
}

// RemoveAfter has files removed once the edition is published, while its lock is held: those that the ledger no longer lists.
func (e *Edition) RemoveAfter(paths []string) { e.removals = append(e.removals, paths...) }

// remove removes them. One that stays costs disk and no more: it is told, and the next run tries again.
func (e *Edition) remove() {
	for _, path := range e.removals {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			e.options.Log.Warn().Err(err).Msg("a row-level file that is no longer listed stays")
		}
	}
}
