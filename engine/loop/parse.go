package loop

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// maxBytes bounds a loop file. The largest that people write, with hundreds of features, are a fifth of it; what is
// larger is most likely a data file named by mistake.
const maxBytes = 512 << 10

// Load reads and parses the loop file at path. Its errors are usage faults; a file that cannot be read also wraps the
// error of the operating system.
func Load(path string) (*Loop, error) {
	src, err := readFile(path)
	if err != nil {
		cause := err
		if p, ok := errors.AsType[*fs.PathError](err); ok {
			cause = p.Err
		}
		f := fault.Usage(path, "name the loop file, such as loop.yaml", "the loop file cannot be read")
		f.Err = cause
		return nil, f
	}
	return Parse(path, src)
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxBytes+1))
}

// Parse parses src, the bytes of a loop file. The file's name goes into Loop.File and into the errors; its folder
// becomes Loop.Dir. The error joins one usage fault per mistake, in the file's order, each at file:line:col.
func Parse(file string, src []byte) (*Loop, error) {
	l := &Loop{File: file, Dir: filepath.Dir(file), Bytes: bytes.Clone(src), Location: time.UTC}
	r := &reader{file: file, positions: map[string]Position{}, sources: map[string]*sourceFacts{}}
	if root, ok := r.root(src); ok {
		l.readRoot(root)
	}
	if err := r.err(); err != nil {
		return nil, err
	}
	l.positions = r.positions
	return l, nil
}

// reader collects what concerns the whole file: faults, positions, and the facts that one section needs of another.
type reader struct {
	file      string
	faults    []located
	positions map[string]Position
	engine    engine
	sources   map[string]*sourceFacts
}

// engine is where the file says that SQL runs; unknown while the warehouse section is wrong.
type engine int

const (
	engineUnknown engine = iota
	engineDuckDB
	engineTrino
)

type located struct {
	pos   Position
	fault *fault.Fault
}

func (r *reader) fail(pos Position, fix, format string, args ...any) {
	r.faults = append(r.faults, located{pos, fault.Usage(pos.in(r.file), fix, format, args...)})
}

func (r *reader) err() error {
	slices.SortStableFunc(r.faults, func(a, b located) int {
		return cmp.Or(cmp.Compare(a.pos.Line, b.pos.Line), cmp.Compare(a.pos.Col, b.pos.Col))
	})
	var errs []error
	for _, f := range r.faults {
		errs = append(errs, f.fault)
	}
	return errors.Join(errs...)
}

var rootKeys = []string{"version", "loop", "task", "loss", "timezone", "retain", "max_invalid", "predictions", "outcomes",
	"sources", "features", "baseline", "evaluate", "scorer", "lineage", "warehouse"}

// readRoot reads the sections in the order in which they need each other, which need not be the file's.
func (l *Loop) readRoot(root mapping) {
	root.allow(rootKeys...)
	l.readHead(root)
	l.Warehouse = readWarehouse(root)

	if c, ok := root.need("predictions", `write a section "predictions:" with path, id, at and score`); ok {
		l.Predictions = readPredictions(c)
	}
	if c, ok := root.need("outcomes", `write a section "outcomes:" with path, on, value, at and horizon`); ok {
		l.Outcomes = readOutcomes(c)
	}
	if c, ok := root.get("sources"); ok {
		l.Sources = readSources(c)
	}
	if c, ok := root.get("features"); ok {
		l.Features = readFeatures(c)
	}
	root.r.checkKeys(l.Sources)

	l.Baseline = readBaseline(root)
	l.Evaluate = readEvaluate(root)
	l.Scorer = readScorer(root)
	l.Lineage = readLineage(root)
}
