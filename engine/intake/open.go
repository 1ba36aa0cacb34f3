package intake

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/objectstore"
)

// Querier runs a stage and calls scan once per row. *warehouse.DB is one.
type Querier interface {
	Query(ctx context.Context, stage string, data any, params map[string]any, scan func(*sql.Rows) error) error
}

// Open finds the files of every input of l and reads what they say of themselves: Parquet footers, and CSV files
// through db. It reads no rows of Parquet files. A file that several inputs name is read once.
//
// Every file that cannot be used is in the error, each as a fault of the data under its name; what the loop file asks
// for and this build cannot do (remote paths, tables, contract files, unknown types) is a usage fault. Promises that
// footers break are no error: they are in the Inventory.
func Open(ctx context.Context, db Querier, l *loop.Loop) (*Inventory, error) {
	o := opener{db: db, loop: l, byPath: map[string]*scanned{}, stores: map[string]*objectstore.Access{}, told: map[string]bool{}}
	inputs := o.inputs()
	for i := range inputs {
		o.find(ctx, &inputs[i])
	}
	if err := o.read(ctx, inputs); err != nil {
		return nil, err
	}
	inventory := &Inventory{}
	for i := range inputs {
		table, err := o.table(ctx, &inputs[i])
		if err != nil {
			return nil, err
		}
		switch inputs[i].source {
		case nil:
			if inputs[i].name == "predictions" {
				inventory.Predictions = table
			} else {
				inventory.Outcomes = table
			}
		default:
			inventory.Sources = append(inventory.Sources, table)
			inventory.Broken = append(inventory.Broken, breaches(&table, inputs[i].source.Columns)...)
		}
	}
	if len(o.errs) > 0 {
		return nil, errors.Join(o.errs...)
	}
	return inventory, nil
}

// Paths are the files of the table as opened, in order: what a stage reads.
func (t *Table) Paths() []string {
	paths := make([]string, len(t.Files))
	for i := range t.Files {
		paths[i] = t.Files[i].Path
	}
	return paths
}

// opener is one call of Open.
type opener struct {
	db     Querier
	loop   *loop.Loop
	byPath map[string]*scanned
	stores map[string]*objectstore.Access // by scheme
	errs   []error
	told   map[string]bool // faults already in errs, by text
}

// input is one declared input and the files found for it.
type input struct {
	name, key   string // "weather", "sources.weather"
	path, table string
	source      *loop.Source
	refs        []ref
}

func (o *opener) inputs() []input {
	l := o.loop
	inputs := []input{
		{name: "predictions", key: "predictions", path: l.Predictions.Path, table: l.Predictions.Table},
		{name: "outcomes", key: "outcomes", path: l.Outcomes.Path, table: l.Outcomes.Table},
	}
	for i := range l.Sources {
		s := &l.Sources[i]
		inputs = append(inputs, input{name: s.Name, key: "sources." + s.Name, path: s.Path, table: s.Table, source: s})
	}
	return inputs
}

// fault keeps a fault, once.
func (o *opener) fault(f *fault.Fault) {
	if text := f.Error(); !o.told[text] {
		o.told[text] = true
		o.errs = append(o.errs, f)
	}
}

// find refuses what this build cannot read and lists the files of an input.
func (o *opener) find(ctx context.Context, in *input) {
	l := o.loop
	if in.source != nil {
		for _, f := range checkContract(l, in.source) {
			o.fault(f)
		}
	}
	if in.path == "" {
		o.fault(fault.Usage(l.Where(in.key+".table"), "write `path:` with Parquet or CSV files",
			"%s.table: tables are read from a Trino warehouse, which this build does not run yet", in.key))
		return
	}
	if scheme, _, remote := strings.Cut(in.path, "://"); remote && objectstore.SchemeOf(in.path) == "" {
		o.fault(fault.Usage(l.Where(in.key+".path"), "mount or copy the files and write a local path",
			"%s.path: %s:// paths are not read here: s3:// and gs:// are, and local ones", in.key, scheme))
		return
	}
	refs, err := o.expand(ctx, in.path)
	for _, e := range split(err) {
		var bad *badFile
		if f, ok := errors.AsType[*fault.Fault](e); ok {
			o.fault(f)
		} else if errors.As(e, &bad) {
			o.fault(fault.Data(bad.name, o.checkPath(in), "%v", bad.err))
		} else {
			o.fault(fault.Data(in.path, o.checkPath(in), "%v", e))
		}
	}
	for _, r := range refs {
		if r.format != refs[0].format {
			o.fault(fault.Data(in.path, "give each kind its own folder or pattern",
				"it mixes Parquet and CSV files: %s, %s", refs[0].name, r.name))
			return
		}
	}
	in.refs = refs
}

// expand finds the files of a declared path.
func (o *opener) expand(ctx context.Context, declared string) ([]ref, error) {
	scheme := objectstore.SchemeOf(declared)
	if scheme == "" {
		return expand(o.loop.Dir, declared)
	}
	access := o.stores[scheme]
	if access == nil {
		var err error
		if access, err = objectstore.FromEnvironment(scheme, os.Getenv); err != nil {
			return nil, err
		}
		o.stores[scheme] = access
	}
	objects, err := access.Find(ctx, declared)
	if err != nil {
		return nil, err
	}
	var all []ref
	var errs []error
	for _, object := range objects {
		switch {
		case strings.ContainsAny(object.Path, "*?["):
			errs = append(errs, &badFile{name: object.Path, err: errPattern})
		case byName(object.Path) == Parquet:
			all = append(all, ref{path: object.Path, name: object.Path, format: Parquet, store: access})
		case byName(object.Path) == CSV:
			errs = append(errs, &badFile{name: object.Path, err: errors.New("a CSV file in an object store, where Parquet alone is read: write it as Parquet, or copy it")})
		}
	}
	if len(all)+len(errs) == 0 {
		return nil, errors.New("no object whose name ends in .parquet")
	}
	return all, errors.Join(errs...)
}

func (o *opener) checkPath(in *input) string {
	if o.loop.File == "" { // there is no loop file yet
		return "check the path given for " + in.name
	}
	return fmt.Sprintf("check %s.path, %s", in.key, o.loop.Where(in.key+".path"))
}

// split takes an error that joins others apart.
func split(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

// table gathers the files of an input.
func (o *opener) table(ctx context.Context, in *input) (Table, error) {
	t := Table{Input: in.name, Path: in.path}
	var files []*scanned
	for _, r := range in.refs {
		if s := o.byPath[r.path]; s.err == nil {
			files = append(files, s)
			t.Files = append(t.Files, s.File)
		}
	}
	if len(files) == 0 {
		return t, nil
	}
	t.Format = files[0].Format
	keys := o.hive(in, files)
	t.Hive = len(keys) > 0
	if t.Format == CSV {
		for _, f := range files {
			if f.Delimiter != files[0].Delimiter && len(f.Columns) > 1 {
				o.fault(fault.Data(f.Name, "write both files alike", "its fields are parted by %q, those of %s by %q",
					f.Delimiter, files[0].Name, files[0].Delimiter))
			}
		}
		if err := o.findEmpty(ctx, files); err != nil {
			return t, err
		}
	}
	var faults []*fault.Fault
	t.Columns, faults = union(files, keys)
	for _, f := range faults {
		o.fault(f)
	}
	return t, nil
}

// hive gives the partition keys of an input's files, which must be the same for all.
func (o *opener) hive(in *input, files []*scanned) []string {
	keys := hiveKeys(files[0].Name)
	for _, f := range files {
		if other := hiveKeys(f.Name); !sameKeys(keys, other) {
			o.fault(fault.Data(f.Name, "give each layout its own folder or pattern, or move the file",
				"its folders name the partitions [%s], those of %s [%s]",
				strings.Join(other, " "), files[0].Name, strings.Join(keys, " ")))
			return keys
		}
	}
	if len(keys) == 0 {
		return nil
	}
	for _, key := range hiveKeys(filepath.ToSlash(files[0].Path)) {
		if slices.Contains(keys, key) {
			continue
		}
		for _, c := range files[0].Columns {
			if strings.EqualFold(c.Name, key) {
				o.fault(fault.Data(files[0].Name, "rename the folder", "its column %q is hidden by the folder %s=... above %s",
					c.Name, key, in.path))
			}
		}
	}
	return keys
}

func sameKeys(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}
