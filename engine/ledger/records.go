package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Run is one run that the ledger saw.
type Run struct {
	ID            string
	From, To      time.Time // the interval taken in
	AsOf          time.Time
	EngineVersion string
}

// PutRun writes a run, in the place of one with the same id.
func (e *Edition) PutRun(ctx context.Context, r Run) error {
	return e.change(func() error {
		if err := e.deleteRun(ctx, "run_log", r.ID); err != nil {
			return err
		}
		return e.db.Run(ctx, "548_ledger_insert_run", nil, map[string]any{"run_id": r.ID, "interval_from": r.From,
			"interval_to": r.To, "as_of": r.AsOf, "engine_version": r.EngineVersion})
	})
}

func (e *Edition) deleteRun(ctx context.Context, table, id string) error {
	return e.db.Run(ctx, "547_ledger_delete_run", map[string]any{"Table": table}, map[string]any{"run_id": id})
}

// Runs gives the runs, ordered by interval.
func (c *Contents) Runs(ctx context.Context) ([]Run, error) {
	var all []Run
	err := c.db.Query(ctx, "577_ledger_read_runs", nil, nil, func(rows *sql.Rows) error {
		var r Run
		err := rows.Scan(&r.ID, &r.From, &r.To, &r.AsOf, &r.EngineVersion)
		all = append(all, r)
		return err
	})
	return all, c.unreadable(ctx, err)
}

// Input is one file that a run read.
type Input struct {
	Input    string `json:"input"`     // "predictions", "outcomes", or the source's name
	File     string `json:"file"`      // intake.File.Name: no absolute path, where the file lies below the loop file's folder
	Digest   string `json:"digest"`    // 64 hex
	Size     int64  `json:"size"`      // bytes
	Rows     *int64 `json:"rows"`      // nil where not known before reading
	SchemaID uint16 `json:"schema_id"` // level of the condition <input>.schema
	Writer   string `json:"writer"`    // Parquet created_by
}

// PutInputs writes the files that a run read, in the place of what the ledger holds of that run.
func (e *Edition) PutInputs(ctx context.Context, runID string, inputs []Input) error {
	return e.change(func() error {
		if err := e.deleteRun(ctx, "input_files", runID); err != nil {
			return err
		}
		if len(inputs) == 0 {
			return nil
		}
		return e.insert(ctx, "546_ledger_insert_input_files", inputs, map[string]any{"run_id": runID})
	})
}

// Inputs gives the files that a run read, ordered by input and file.
func (c *Contents) Inputs(ctx context.Context, runID string) ([]Input, error) {
	var all []Input
	err := c.db.Query(ctx, "576_ledger_read_inputs", nil, map[string]any{"run_id": runID}, func(rows *sql.Rows) error {
		var i Input
		err := rows.Scan(&i.Input, &i.File, &i.Digest, &i.Size, &i.Rows, &i.SchemaID, &i.Writer)
		all = append(all, i)
		return err
	})
	return all, c.unreadable(ctx, err)
}

// Schema is a schema that files of an input had.
type Schema struct {
	Input   string `json:"input"`
	ID      uint16 `json:"schema_id"`
	Columns string `json:"columns"` // names, types and time flags in the file's order, as JSON
}

// PutSchemas writes schemas, each in the place of one with the same input and id; others stay.
func (e *Edition) PutSchemas(ctx context.Context, schemas []Schema) error {
	return e.change(func() error {
		if len(schemas) == 0 {
			return nil
		}
		if err := e.insert(ctx, "543_ledger_delete_schemas", schemas, nil); err != nil {
			return err
		}
		return e.insert(ctx, "542_ledger_insert_schemas", schemas, nil)
	})
}

// Schemas gives the schemas, ordered by input and id.
func (c *Contents) Schemas(ctx context.Context) ([]Schema, error) {
	var all []Schema
	err := c.db.Query(ctx, "575_ledger_read_schemas", nil, nil, func(rows *sql.Rows) error {
		var s Schema
		err := rows.Scan(&s.Input, &s.ID, &s.Columns)
		all = append(all, s)
		return err
	})
	return all, c.unreadable(ctx, err)
}
