package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// Run renders the stage with data and executes it with params. The stage is named without folder and extension, as
// "110_int_matched". The names in params must be exactly those that the rendered text binds.
//
// Values: time.Time binds as a TIMESTAMP in UTC with microseconds; time.Duration as a BIGINT of microseconds;
// []string, []int64 and []float64 as lists; nil as NULL; strings, booleans and numbers as themselves.
//
// Errors begin with "stage <name>: ". When ctx ends first, the error is ctx's too.
func (db *DB) Run(ctx context.Context, stage string, data any, params map[string]any) error {
	db.progress(stage)
	started := time.Now()
	if err := db.exec(ctx, stage, data, params); err != nil {
		return db.failed(ctx, stage, err)
	}
	db.options.Log.Debug().Str("stage", stage).Dur("elapsed_ms", time.Since(started)).Msg("stage done")
	return nil
}

// Query renders the stage with data, executes it with params and calls scan once per row. It is otherwise as Run; an
// error of scan ends it. There is one connection, so scan must not call db.
func (db *DB) Query(ctx context.Context, stage string, data any, params map[string]any, scan func(*sql.Rows) error) error {
	db.progress(stage)
	started := time.Now()
	if err := db.query(ctx, stage, data, params, scan); err != nil {
		return db.failed(ctx, stage, err)
	}
	db.options.Log.Debug().Str("stage", stage).Dur("elapsed_ms", time.Since(started)).Msg("stage done")
	return nil
}

func (db *DB) progress(stage string) {
	if db.options.Progress != nil {
		db.options.Progress(stage)
	}
}

func (db *DB) exec(ctx context.Context, stage string, data any, params map[string]any) error {
	text, args, err := prepare(stage, data, params)
	if err != nil {
		return err
	}
	_, err = db.conn.ExecContext(ctx, text, args...)
	return err
}

func (db *DB) query(ctx context.Context, stage string, data any, params map[string]any, scan func(*sql.Rows) error) (err error) {
	text, args, err := prepare(stage, data, params)
	if err != nil {
		return err
	}
	rows, err := db.conn.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// prepare renders a stage and binds its parameters.
func prepare(stage string, data any, params map[string]any) (string, []any, error) {
	text, err := render(stage, data)
	if err != nil {
		return "", nil, err
	}
	args, err := bind(text, params)
	return text, args, err
}

// bind turns params into arguments, after comparing their names with those that text binds: DuckDB ignores a named
// argument that the text does not use.
func bind(text string, params map[string]any) ([]any, error) {
	scanned, err := scanSQL(text)
	if err != nil {
		return nil, err
	}
	if scanned.statements != 1 {
		return nil, fmt.Errorf("%d statements, want 1", scanned.statements)
	}
	given := slices.Sorted(maps.Keys(params))
	if !slices.Equal(given, scanned.params) {
		return nil, fmt.Errorf("the text binds %s, the call gives %s", dollars(scanned.params), dollars(given))
	}
	args := make([]any, 0, len(given))
	for _, name := range given {
		value, err := bindable(params[name])
		if err != nil {
			return nil, fmt.Errorf("parameter $%s: %w", name, err)
		}
		args = append(args, sql.Named(name, value))
	}
	return args, nil
}

func dollars(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return "$" + strings.Join(names, ", $")
}

// bindable gives the form in which the driver binds value as Run promises. A time.Time left to the driver would arrive
// as TIMESTAMP WITH TIME ZONE, which this connection casts to TIMESTAMP only on demand.
func bindable(value any) (any, error) {
	switch v := value.(type) {
	case time.Time:
		return duckdb.Typed(v.UTC(), duckdb.TYPE_TIMESTAMP), nil
	case time.Duration:
		return v.Microseconds(), nil
	case nil, bool, string, int, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64,
		[]string, []int64, []float64:
		return v, nil
	default:
		return nil, fmt.Errorf("a %T cannot be bound", value)
	}
}
