package ledger

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/warehouse"
)

// Stages that open, check and close a ledger.
const (
	stageAttach         = "500_ledger_attach"
	stageAttachReadOnly = "501_ledger_attach_read_only"
	stageDetach         = "502_ledger_detach"
	stageCheckpoint     = "503_ledger_checkpoint"
	stageTables         = "504_ledger_tables"
	stageMeta           = "505_ledger_meta"
	stageSetMeta        = "506_ledger_set_meta"
	stageBegin          = "524_ledger_begin"
	stageCommit         = "525_ledger_commit"
	stageRollback       = "526_ledger_rollback"
)

// tables are the stages that make the tables of a new ledger.
var tables = []string{
	"510_meta",
	"511_days",
	"512_layouts",
	"513_schemas",
	"514_cells",
	"515_histograms",
	"516_seam_days",
	"517_staleness_days",
	"518_evaluations",
	"519_finding_rows",
	"520_attribution_terms",
	"521_row_files",
	"522_input_files",
	"523_run_log",
	"527_proof_rows",
	"528_finding_days",
	"592_entity_days",
}

// migrations[v] are the stages that bring a ledger of version v to version v+1. Version 1 is the first.
var migrations = map[int][]string{1: {"527_proof_rows", "528_finding_days"}, 2: {"592_entity_days"}, 3: {"608_ledger_drop_run_ids"}}

const rebuild = "move it away and run again: a ledger is rebuilt from the loop's files"

// attach opens the file as the database `ledger` of the connection.
func (c *Contents) attach(ctx context.Context, file, stage string) error {
	err := c.db.Run(ctx, stage, map[string]any{"Path": file}, nil)
	switch {
	case err == nil || ctx.Err() != nil:
		return err
	case strings.Contains(err.Error(), "not a valid DuckDB database file"):
		return fault.Data(c.path, rebuild, "the file is not a DuckDB database")
	case strings.Contains(err.Error(), "Conflicting lock is held"):
		return &fault.Fault{Where: c.path, What: "the ledger is open for writing in another program",
			Fix: "close it there, or open it read-only: duckdb -readonly", Err: err}
	}
	if said, ok := warehouse.OfRows(err); ok {
		return fault.Data(c.path, rebuild, "the ledger cannot be opened: %s", strings.ReplaceAll(said, file, c.path))
	}
	return &fault.Fault{Where: c.path, What: "the ledger cannot be opened", Fix: rebuild, Err: err}
}

// detach closes the database `ledger`. It is not stopped by the end of a context: it must happen after one, too.
func (c *Contents) detach() error {
	return c.db.Run(context.Background(), stageDetach, nil, nil)
}

// meta is what a ledger says of itself.
type meta struct {
	version int
	loop    string
}

// meta reads the ledger's one row of meta; nil for a database without tables.
func (c *Contents) meta(ctx context.Context) (*meta, error) {
	var known, all int
	err := c.db.Query(ctx, stageTables, nil, nil, func(rows *sql.Rows) error { return rows.Scan(&known, &all) })
	if err != nil {
		return nil, err
	}
	if all == 0 {
		return nil, nil
	}
	if known != 1 {
		return nil, c.foreign(nil)
	}
	var found []meta
	err = c.db.Query(ctx, stageMeta, nil, nil, func(rows *sql.Rows) error {
		var m meta
		err := rows.Scan(&m.version, &m.loop)
		found = append(found, m)
		return err
	})
	switch {
	case ctx.Err() != nil:
		return nil, err
	case err != nil || len(found) != 1:
		return nil, c.foreign(err)
	case found[0].version > Version:
		return nil, fault.Data(c.path, "use the newer plumbline, or name another ledger with --ledger",
			"the ledger was written by a newer plumbline: schema version %d, this one knows %d", found[0].version, Version)
	case found[0].version < 1:
		return nil, c.foreign(nil)
	}
	return &found[0], nil
}

func (c *Contents) foreign(err error) error {
	return &fault.Fault{Where: c.path, What: "the database is not a plumbline ledger",
		Fix: "name another file with --ledger", Err: err}
}

func (c *Contents) otherLoop(found, want string) error {
	return fault.Data(c.path, "give each loop a ledger of its own with --ledger",
		"the ledger is of loop %q, not %q", found, want)
}

// together runs f in one transaction, which saves a flush to the disk per statement.
func (c *Contents) together(ctx context.Context, f func() error) error {
	if err := c.db.Run(ctx, stageBegin, nil, nil); err != nil {
		return err
	}
	err := f()
	if err == nil {
		err = c.db.Run(ctx, stageCommit, nil, nil)
	}
	if err != nil {
		_ = c.db.Run(context.WithoutCancel(ctx), stageRollback, nil, nil) // err tells what happened
	}
	return err
}

// prepare makes the tables of a new ledger, or brings those of an older one up to date.
func (c *Contents) prepare(ctx context.Context, loop, loss string) error {
	m, err := c.meta(ctx)
	if err != nil {
		return err
	}
	if m == nil {
		return c.together(ctx, func() error { return c.create(ctx, loop) })
	}
	if err := c.belongs(ctx, m, loop, loss); err != nil || m.version == Version {
		return err
	}
	return c.together(ctx, func() error { return c.migrate(ctx, m) })
}

// belongs refuses a ledger of another loop, or of another loss.
func (c *Contents) belongs(ctx context.Context, m *meta, loop, loss string) error {
	if m.loop != loop {
		return c.otherLoop(m.loop, loop)
	}
	return c.sameLoss(ctx, loss)
}

// sameLoss refuses a ledger of another loss.
func (c *Contents) sameLoss(ctx context.Context, want string) error {
	var found string
	err := c.db.Query(ctx, "602_ledger_loss", nil, nil, func(rows *sql.Rows) error {
		var loss sql.NullString
		err := rows.Scan(&loss)
		found = loss.String
		return err
	})
	if err != nil || want == "" || found == "" || found == want {
		return c.unreadable(ctx, err)
	}
	return fault.Data(c.path, "name another ledger with --ledger, or move this one away and run its days again",
		"the ledger's days hold %s, and the loop file asks for %s", found, want)
}

func (c *Contents) migrate(ctx context.Context, m *meta) error {
	for v := m.version; v < Version; v++ {
		stages, ok := migrations[v]
		if !ok {
			return fault.Data(c.path, rebuild, "the ledger's schema version %d cannot be brought up to date", v)
		}
		if err := c.runAll(ctx, stages); err != nil {
			return err
		}
	}
	return c.describe(ctx, m.loop)
}

func (c *Contents) create(ctx context.Context, loop string) error {
	if err := c.runAll(ctx, tables); err != nil {
		return err
	}
	return c.describe(ctx, loop)
}

// runAll makes tables, or changes them.
func (c *Contents) runAll(ctx context.Context, stages []string) error {
	for _, stage := range stages {
		if err := c.db.Run(ctx, stage, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// describe comments all tables as this version has them, and writes down whose they are.
func (c *Contents) describe(ctx context.Context, loop string) error {
	for _, stage := range tables {
		if err := c.comment(ctx, "table", stage); err != nil {
			return err
		}
	}
	return c.setMeta(ctx, loop)
}

func (c *Contents) setMeta(ctx context.Context, loop string) error {
	if loop == "" {
		return errors.New("ledger: no name of a loop")
	}
	if err := c.empty(ctx, "meta"); err != nil {
		return err
	}
	return c.db.Run(ctx, stageSetMeta, nil, map[string]any{"schema_version": Version, "loop": loop})
}
