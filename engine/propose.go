package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/propose"
)

// Wanted names the files that a loop file is proposed for.
type Wanted struct {
	Predictions, Outcomes string // as given on the command line
	Sources               []Named
	Out                   string // the loop file to be written; empty for none
}

// Named is a path under a name.
type Named struct{ Name, Path string }

// Propose proposes the loop file of w's files, and writes it where w says, unless a file is there already.
func Propose(ctx context.Context, o Options, w Wanted) (*propose.Proposal, error) {
	if w.Out != "" {
		if info, err := os.Stat(filepath.Dir(w.Out)); err != nil || !info.IsDir() {
			return nil, fault.Usage("--out", "make the folder, or name another", "the folder of %s does not exist", w.Out)
		}
		if _, err := os.Lstat(w.Out); err == nil {
			return nil, fault.Usage("--out", "name another file, or move that one away", "%s is there already, and stays as it is", w.Out)
		}
	}
	l, err := w.loop()
	if err != nil {
		return nil, err
	}
	p, err := proposal(ctx, o, l)
	if err != nil || w.Out == "" {
		return p, err
	}
	return p, writeNew(w.Out, p.YAML)
}

// proposal opens the loop's files and makes one.
func proposal(ctx context.Context, o Options, l *loop.Loop) (p *propose.Proposal, err error) {
	spill, err := newSpill(o.Temp)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, spill.remove()) }()
	db, err := openWarehouse(ctx, o, l, spill)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	inventory, err := intake.Open(ctx, db, l)
	if err != nil {
		return nil, err
	}
	return propose.Propose(ctx, db, l, inventory)
}

// loop is the loop of which no more is known than where its files are: their paths as the loop file will have them, relative to its folder.
func (w Wanted) loop() (*loop.Loop, error) {
	l := &loop.Loop{Dir: "."}
	if w.Out != "" {
		l.Dir = filepath.Dir(w.Out)
	}
	var errs []error
	place := func(flag, path string) string {
		if !utf8.ValidString(path) || strings.ContainsFunc(path, unicode.IsControl) {
			errs = append(errs, fault.Usage(flag, "rename the file: a loop file is text in UTF-8 and names a path on one line", "%q cannot be named in a loop file", path))
			return ""
		}
		errs = append(errs, propose.JSON(".", flag, path))
		moved, err := relative(l.Dir, path)
		if err != nil {
			errs = append(errs, fault.Usage(flag, "name a path that can be reached from the loop file's folder", "%q: %v", path, err))
		}
		return moved
	}
	l.Predictions.Path = place("--predictions", w.Predictions)
	l.Outcomes.Path = place("--outcomes", w.Outcomes)
	for _, s := range w.Sources {
		if !utf8.ValidString(s.Name) || strings.ContainsFunc(s.Name, unicode.IsControl) || strings.TrimSpace(s.Name) == "" {
			errs = append(errs, fault.Usage("--source", "write --source NAME=PATH, as in --source weather=weather.parquet", "%q cannot be the name of a source", s.Name))
			continue
		}
		l.Sources = append(l.Sources, loop.Source{Name: s.Name, Path: place("--source "+s.Name, s.Path)})
	}
	l.Name = w.name()
	return l, errors.Join(errs...)
}

// relative gives a path, which is relative to the working folder, as seen from another folder. Absolute paths and those of object stores stay.
func relative(from, path string) (string, error) {
	if filepath.IsAbs(path) || strings.Contains(path, "://") {
		return path, nil
	}
	base, err := filepath.Abs(from)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(base); err == nil {
		base = real
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(filepath.Dir(full)); err == nil {
		full = filepath.Join(real, filepath.Base(full))
	}
	moved, err := filepath.Rel(base, full)
	return filepath.ToSlash(moved), err
}

// name is what the loop may be called: by its file, unless that is named like any loop file, else by the folder of its predictions.
func (w Wanted) name() string {
	base := filepath.Base(w.Out)
	name := strings.TrimSuffix(base, filepath.Ext(base))
	if w.Out == "" || name == "loop" || name == "" {
		full, err := filepath.Abs(w.Predictions)
		if err != nil {
			return "loop"
		}
		name = filepath.Base(filepath.Dir(full))
	}
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", r) {
			return r
		}
		return '-'
	}, name)
	name = strings.TrimLeft(name, "-.")
	if strings.Trim(name, "-._") == "" {
		return "loop"
	}
	return name[:min(len(name), 100)]
}

// writeNew writes a file that is not there yet.
func writeNew(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return fault.Usage("--out", "name a file in a folder that can be written to", "%v", err)
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
