package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/rs/zerolog"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/objectstore"
)

// Options say what a DB may use.
type Options struct {
	// Threads is how many DuckDB works with. Zero means all cores.
	Threads int
	// Memory is DuckDB's memory limit in bytes, past which work spills to Temp. Zero leaves DuckDB's own default.
	Memory int64
	// Temp is the folder that work spills to. Required; it must exist.
	Temp string
	// Allowed are the folders, beside Temp, that SQL may read and write, all below them included.
	Allowed []string
	// Stores are the accesses to object stores, and Buckets what in them SQL may read: scheme, bucket and a slash. DuckDB's httpfs extension is
	// loaded for them, which must be installed.
	Stores  []objectstore.Access
	Buckets []string
	// Log gets one debug line per stage.
	Log zerolog.Logger
	// Progress is told the name of each stage before it runs. May be nil.
	Progress func(stage string)
}

// DB is one in-memory DuckDB with one connection, locked down: no extension is fetched, no file outside the allowed
// folders is touched, no setting can change. A DB serves one goroutine at a time.
type DB struct {
	options Options
	pool    *sql.DB
	conn    *sql.Conn

	// What checking expressions learned of DuckDB, each asked for once.
	functions map[string]function // by name in lower case
	plain     any                 // the parsed query that expressions are put into
	nulls     map[string]string   // a NULL of a type, by the type's name
}

// Open starts an in-memory DuckDB under o.
func Open(ctx context.Context, o Options) (*DB, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	folders, err := o.folders()
	if err != nil {
		return nil, err
	}
	connector, err := duckdb.NewConnector("", func(driver.ExecerContext) error { return nil })
	if err != nil {
		return nil, fmt.Errorf("duckdb: %w", err)
	}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(1)
	db := &DB{options: o, pool: pool, nulls: map[string]string{}}
	if db.conn, err = pool.Conn(ctx); err == nil {
		err = db.harden(ctx, folders)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("duckdb: %w", err), db.Close())
	}
	return db, nil
}

// Conn is the connection that stages run on, for tests to look at the tables that they leave. The program itself runs
// nothing but stages: scripts/lint refuses a call outside of tests.
func (db *DB) Conn() *sql.Conn { return db.conn }

// Close ends the connection and drops all that it held.
func (db *DB) Close() error {
	var err error
	if db.conn != nil {
		err = db.conn.Close()
		db.conn = nil
	}
	return errors.Join(err, db.pool.Close())
}

func (o Options) validate() error {
	var errs []error
	if o.Threads < 0 {
		errs = append(errs, fmt.Errorf("warehouse: %d threads, want 0 (all cores) or more", o.Threads))
	}
	if o.Memory < 0 {
		errs = append(errs, fmt.Errorf("warehouse: %d bytes of memory, want 0 (the default) or more", o.Memory))
	}
	if o.Temp == "" {
		errs = append(errs, errors.New("warehouse: no folder to spill to"))
	}
	return errors.Join(errs...)
}

// folders gives the allowed folders as absolute paths, the one to spill to first. A folder reached through a symbolic
// link is allowed under both names.
func (o Options) folders() ([]string, error) {
	var all []string
	for _, given := range append([]string{o.Temp}, o.Allowed...) {
		folder, err := filepath.Abs(given)
		if err != nil {
			return nil, fmt.Errorf("folder %q: %w", given, err)
		}
		info, err := os.Stat(folder)
		if err != nil {
			return nil, fmt.Errorf("folder: %w", err)
		}
		if !info.IsDir() {
			return nil, fmt.Errorf("folder %s: not a folder", folder)
		}
		all = append(all, folder)
		if real, err := filepath.EvalSymlinks(folder); err == nil && real != folder {
			all = append(all, real)
		}
	}
	return all, nil
}

// harden applies the settings of a connection. The order matters: limits and the list of folders first, then the door
// is closed, then the lock.
func (db *DB) harden(ctx context.Context, folders []string) error {
	type setting struct {
		statement string
		value     any // nil: the statement has no parameter
	}
	settings := []setting{
		{"set TimeZone = 'UTC'", nil},
		{"set disable_timestamptz_casts = true", nil},
		{"set enable_progress_bar = false", nil},
		{"set preserve_insertion_order = false", nil},
		// Planned as a loop, a few rows against a long history cost as much as all of it for each; its ties differ too.
		{"set asof_loop_join_threshold = 0", nil},
		{"set autoinstall_known_extensions = false", nil},
		{"set autoload_known_extensions = false", nil},
		{"set allow_community_extensions = false", nil},
		{"set temp_directory = $1", folders[0]},
	}
	if db.options.Threads > 0 {
		settings = append(settings, setting{"set threads = $1", db.options.Threads})
	}
	if db.options.Memory > 0 {
		settings = append(settings, setting{"set memory_limit = $1", strconv.FormatInt(db.options.Memory, 10) + "B"})
	}
	if err := db.stores(ctx); err != nil {
		return err
	}
	settings = append(settings,
		setting{"set allowed_directories = $1", slices.Concat(folders, db.options.Buckets)},
		setting{"set enable_external_access = false", nil},
		setting{"set allowed_configs = ['TimeZone']", nil},
		setting{"set lock_configuration = true", nil},
	)
	for _, s := range settings {
		var args []any
		if s.value != nil {
			args = []any{s.value}
		}
		if _, err := db.conn.ExecContext(ctx, s.statement, args...); err != nil {
			return fmt.Errorf("%s: %w", s.statement, err)
		}
	}
	return nil
}

// stores loads DuckDB's extension that reads object stores, and gives it the access to each.
func (db *DB) stores(ctx context.Context) error {
	if len(db.options.Stores) == 0 {
		return nil
	}
	for _, statement := range []string{"set allow_persistent_secrets = false", "load httpfs"} {
		if _, err := db.conn.ExecContext(ctx, statement); err != nil {
			return db.lacksExtension(ctx, err)
		}
	}
	for i := range db.options.Stores {
		if err := db.exec(ctx, "000_store_secret", &db.options.Stores[i], nil); err != nil {
			return fmt.Errorf("access to %s: %w", db.options.Stores[i].Scope(), err)
		}
	}
	return nil
}

// lacksExtension says how the extension that reads object stores is had.
func (db *DB) lacksExtension(ctx context.Context, err error) error {
	var version, platform, home string
	asked := db.conn.QueryRowContext(ctx, "select library_version, (select platform from pragma_platform()), current_setting('extension_directory') from pragma_version()").Scan(&version, &platform, &home)
	if asked != nil {
		return fmt.Errorf("httpfs: %w", err)
	}
	if home == "" {
		home = filepath.Join("~", ".duckdb", "extensions")
	}
	return &fault.Fault{
		Where: db.options.Stores[0].Scope(), What: "object stores are read by DuckDB's extension httpfs, which is not installed", Usage: true, Err: err,
		Fix: fmt.Sprintf("as the user that runs plumbline, run duckdb -c 'install httpfs' with DuckDB %s, or put the extension of that version into %s; or mount or copy the files",
			version, filepath.Join(home, version, platform)),
	}
}
