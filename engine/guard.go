package engine

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/plumbline-data/plumbline/engine/contract"
	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/engine/loop"
)

// output is a file that the run will put in place, and the flag that names it.
type output struct{ flag, path string }

func (o Options) outputs() []output {
	all := []output{{"--ledger", o.Ledger}, {"--findings", o.Findings}}
	if o.ResultFile != "" {
		all = append(all, output{"--result-file", o.ResultFile})
	}
	if o.MetricsFile != "" {
		all = append(all, output{"--metrics-file", o.MetricsFile})
	}
	return all
}

// guardOutputs refuses outputs that would replace something else: an output is a file of its own in a folder that exists,
// and never the loop file, another output, or what belongs to the ledger.
func (o Options) guardOutputs(l *loop.Loop) error {
	taken := map[string]string{place(l.File): "the loop file"}
	var errs []error
	for _, out := range o.outputs() {
		if info, err := os.Stat(filepath.Dir(out.path)); err != nil || !info.IsDir() {
			errs = append(errs, fault.Usage(out.path, "make the folder, or name another", "%s: its folder does not exist", out.flag))
			continue
		}
		if info, err := os.Stat(out.path); err == nil && !info.Mode().IsRegular() {
			errs = append(errs, fault.Usage(out.path, "name a file that is not there yet, or one of an earlier run", "%s: not a plain file", out.flag))
			continue
		}
		at := place(out.path)
		if what, ok := taken[at]; ok {
			errs = append(errs, fault.Usage(out.path, "name another file", "%s would replace %s", out.flag, what))
			continue
		}
		taken[at] = "what " + out.flag + " names"
		if out.flag == "--ledger" {
			for _, ending := range []string{".lock", ".wal", ".rows"} {
				taken[at+ending] = "what belongs to the ledger"
			}
			if info, err := os.Stat(at + ".rows"); err == nil && !info.IsDir() {
				errs = append(errs, fault.Usage(out.path+".rows", "move it away, or name another ledger",
					"it is no folder, and the ledger's row-level files go there"))
			}
			taken[at] = "the ledger"
		} else if strings.HasPrefix(at, place(o.Ledger)+".rows"+string(filepath.Separator)) {
			errs = append(errs, fault.Usage(out.path, "name another file", "%s lies in the folder of the ledger's row-level files", out.flag))
		}
	}
	return errors.Join(errs...)
}

// guardInputs refuses outputs that would replace an input.
func (n *night) guardInputs() error {
	inputs := n.inputPlaces()
	var errs []error
	for _, out := range n.options.outputs() {
		if input, ok := inputs[place(out.path)]; ok {
			errs = append(errs, fault.Usage(out.path, "name another file", "%s would replace a file of %s", out.flag, input))
		}
	}
	return errors.Join(errs...)
}

// inputPlaces names the inputs by the places of all files that the run reads.
func (n *night) inputPlaces() map[string]string {
	inputs := map[string]string{}
	for _, t := range n.plan.Inventory.Tables() {
		for _, f := range t.Files {
			inputs[place(f.Path)] = t.Input
		}
	}
	for _, at := range n.lineageFiles() {
		inputs[at] = "lineage"
	}
	for _, path := range contract.Files(n.loop) {
		inputs[place(path)] = "a contract"
	}
	return inputs
}

// place is the one path by which a file is compared with others, whatever it is called: absolute, links followed as far
// as it exists.
func place(path string) string {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return filepath.Clean(path)
	}
	real, err := filepath.EvalSymlinks(absolute)
	if err == nil {
		return real
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(absolute)); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return filepath.Join(folder, filepath.Base(absolute))
	}
	return absolute
}
