package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/plumbline-data/plumbline/engine/contract"
	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/intake"
	"github.com/plumbline-data/plumbline/engine/loop"
	"github.com/plumbline-data/plumbline/engine/repair"
)

// guardAffected refuses a place for affected predictions that is, or would be read as, something else: it is a file in a folder that exists, not
// there yet or of an earlier such command, and never an input, the loop file, or what belongs to the ledger.
func (o Options) guardAffected(l *loop.Loop, out string) error {
	const other = "name another file"
	if out == "" {
		return fault.Usage("--out", "write --out F.parquet, the file to write", "is missing")
	}
	if info, err := os.Stat(filepath.Dir(out)); err != nil || !info.IsDir() {
		return fault.Usage(out, "make the folder, or name another", "--out: its folder does not exist")
	}
	at, held := place(out), place(o.Ledger)
	taken := map[string]string{place(l.File): "the loop file", held: "the ledger", held + ".lock": "what belongs to the ledger", held + ".wal": "what belongs to the ledger",
		held + ".rows": "what belongs to the ledger", held + ".findings.json": "what belongs to the ledger"}
	for _, path := range contract.Files(l) {
		taken[place(path)] = "a contract"
	}
	if what, ok := taken[at]; ok {
		return fault.Usage(out, other, "--out would replace %s", what)
	}
	if strings.HasPrefix(at, held+".rows"+string(filepath.Separator)) {
		return fault.Usage(out, other, "--out lies in the folder of the ledger's row-level files")
	}
	inputs := inputsOf(l)
	for _, input := range slices.Sorted(maps.Keys(inputs)) {
		if intake.Reads(l.Dir, inputs[input], at) {
			return fault.Usage(out, other, "--out would be read as a file of %s", input)
		}
	}
	return earlierOutput(out)
}

// inputsOf gives the declared paths of a loop's inputs by their names.
func inputsOf(l *loop.Loop) map[string]string {
	all := map[string]string{"predictions": l.Predictions.Path, "outcomes": l.Outcomes.Path}
	for i := range l.Sources {
		all[l.Sources[i].Name] = l.Sources[i].Path
	}
	return all
}

// guardAffectedInputs refuses to replace a file that was read.
func (n *night) guardAffectedInputs(out string) error {
	o := n.options
	at := place(out)
	for path, input := range n.inputPlaces() {
		if path == at {
			return fault.Usage(out, "name another file", "--out would replace a file of %s", input)
		}
	}
	return o.guardAffected(n.loop, out)
}

// earlierOutput refuses to replace what no such command wrote.
func earlierOutput(out string) error {
	const fix = "name a file that is not there yet, or one that plumbline affected wrote"
	info, err := os.Stat(out)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil || !info.Mode().IsRegular():
		return fault.Usage(out, fix, "--out: not a plain file")
	case info.Size() == 0:
		return nil
	}
	file, err := os.Open(out)
	if err != nil {
		return fault.Usage(out, fix, "--out: %v", err)
	}
	defer file.Close()
	if f, err := parquet.OpenFile(file, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true)); err == nil {
		if _, ours := f.Lookup(repair.FooterKey); ours {
			return nil
		}
	}
	return fault.Usage(out, fix, "--out would replace a file that plumbline affected did not write")
}

// copyInPlace puts a copy of a file in another's place.
func copyInPlace(ctx context.Context, staged, out string) error {
	from, err := os.Open(staged)
	if err != nil {
		return err
	}
	defer from.Close()
	return putInPlace(ctx, from, out)
}

// putInPlace puts what it reads in a file's place by one rename in its folder: whole, or not at all.
func putInPlace(ctx context.Context, from io.Reader, out string) (err error) {
	cannot := func(err error) error {
		return &fault.Fault{Where: out, What: "cannot be written", Fix: "let this user write to its folder, or name another file", Err: err, Usage: errors.Is(err, fs.ErrNotExist)}
	}
	to, err := os.CreateTemp(filepath.Dir(out), "."+filepath.Base(out)+".*.staging")
	if err != nil {
		return cannot(err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(to.Name()))
		}
	}()
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Chmod(0o644), to.Sync(), to.Close()); err != nil {
		return cannot(err)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", out, err)
	}
	if err := os.Rename(to.Name(), out); err != nil {
		return cannot(err)
	}
	folder, err := os.Open(filepath.Dir(out))
	if err != nil {
		return nil // it is in place; a folder that cannot be opened cannot be flushed
	}
	_ = folder.Sync()
	return folder.Close()
}
