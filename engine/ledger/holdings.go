package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Holdings is what a ledger holds.
type Holdings struct {
	FirstDay, LastDay                       sql.NullTime
	Days, Filled, Open                      int64 // Filled: with predictions
	Predictions, Matched, Pending, Missing  int64
	Cells, Layouts                          int64
	FirstBoundary, LastBoundary             sql.NullTime
	Evaluations, Runs, InputFiles, RowFiles int64
	Engines                                 string // versions, commas between
	Size, RowFilesSize                      int64  // bytes
	SchemaVersion                           int
}

// Failure is a check that a ledger fails.
type Failure struct {
	Reason string
	Places int64  // in which it fails
	Place  string // the first of them
}

// Holdings tells what the ledger holds, with the row-level files of a folder.
func (r *Reader) Holdings(ctx context.Context, folder string) (h Holdings, err error) {
	h.SchemaVersion = Version
	err = r.db.Query(ctx, "597_ledger_holdings", nil, nil, func(rows *sql.Rows) error {
		return rows.Scan(&h.FirstDay, &h.LastDay, &h.Days, &h.Filled, &h.Open, &h.Predictions, &h.Matched, &h.Pending, &h.Missing, &h.Cells, &h.Layouts,
			&h.FirstBoundary, &h.LastBoundary, &h.Evaluations, &h.Runs, &h.Engines, &h.InputFiles)
	})
	if err != nil {
		return h, r.unreadable(ctx, err)
	}
	info, err := os.Stat(r.path)
	if err != nil {
		return h, fmt.Errorf("ledger: %w", err)
	}
	h.Size = info.Size()
	files, err := r.RowFiles(ctx)
	for _, f := range files {
		if info, err := os.Stat(filepath.Join(folder, f.Name)); err == nil {
			h.RowFiles, h.RowFilesSize = h.RowFiles+1, h.RowFilesSize+info.Size()
		}
	}
	return h, err
}

// Check holds the ledger against itself, and its row-level files against their digests. It reads all of both.
func (r *Reader) Check(ctx context.Context, folder string) (failures []Failure, err error) {
	err = r.db.Query(ctx, "598_ledger_check", nil, nil, func(rows *sql.Rows) error {
		var f Failure
		err := rows.Scan(&f.Reason, &f.Places, &f.Place)
		failures = append(failures, f)
		return err
	})
	if err != nil {
		return nil, r.unreadable(ctx, err)
	}
	files, err := r.RowFiles(ctx)
	if err != nil {
		return nil, err
	}
	missing, changed := Failure{Reason: "a row-level file is not there"}, Failure{Reason: "a row-level file is not what it was"}
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		digest, err := DigestOf(filepath.Join(folder, f.Name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			missing.in(f.Name)
		case err != nil:
			return nil, fmt.Errorf("row-level file: %w", err)
		case digest != f.Digest:
			changed.in(f.Name)
		}
	}
	for _, f := range []Failure{missing, changed} {
		if f.Places > 0 {
			failures = append(failures, f)
		}
	}
	return failures, nil
}

// in notes a place.
func (f *Failure) in(place string) {
	if f.Places++; f.Places == 1 {
		f.Place = place
	}
}

// DigestOf gives the 64 hex of sha256 over a file's content.
func DigestOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	return hex.EncodeToString(sum.Sum(nil)), errors.Join(err, file.Close())
}
