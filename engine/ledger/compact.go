package ledger

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Compact writes the edition anew, table by table: what days that were replaced left behind in the file goes, and with it layouts that no day
// has.
func (e *Edition) Compact(ctx context.Context) error {
	return e.change(func() error { return e.compact(ctx) })
}

func (e *Edition) compact(ctx context.Context) error {
	if err := e.db.Run(ctx, stageCheckpoint, nil, nil); err != nil {
		return err
	}
	if err := e.detach(); err != nil {
		return err
	}
	old := filepath.Join(e.staging, "old.duckdb")
	if err := os.Rename(e.file, old); err != nil {
		return fmt.Errorf("copy of the ledger: %w", err)
	}
	if err := e.attach(ctx, e.file, stageAttach); err != nil {
		return err
	}
	if err := e.together(ctx, func() error { return e.create(ctx, e.options.Loop) }); err != nil {
		return err
	}
	if err := e.db.Run(ctx, "600_ledger_attach_old", map[string]any{"Path": old}, nil); err != nil {
		return err
	}
	err := e.copyTables(ctx)
	return errors.Join(err, e.db.Run(context.WithoutCancel(ctx), "601_ledger_detach_old", nil, nil))
}

func (e *Edition) copyTables(ctx context.Context) error {
	for _, stage := range tables {
		_, table, _ := strings.Cut(stage, "_")
		if table == "meta" {
			continue // as it was made
		}
		if err := e.db.Run(ctx, "599_ledger_copy_table", map[string]any{"Table": table, "Used": table == "layouts"}, nil); err != nil {
			return err
		}
	}
	return nil
}
