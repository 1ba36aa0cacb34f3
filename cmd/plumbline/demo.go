package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/rs/zerolog"
	"github.com/urfave/cli/v2"

	"github.com/plumbline-data/plumbline/engine"
	"github.com/plumbline-data/plumbline/engine/fault"
	"github.com/plumbline-data/plumbline/fixtures/flights2001"
	production "github.com/plumbline-data/plumbline/fixtures/world"
)

// demoFolder is where the demonstration goes unless --out says otherwise.
const demoFolder = "plumbline-demo"

// demoFault is what is broken in the demonstration. It begins on a Monday, after six weeks of sound serving.
var demoFault = production.Fault{Kind: "frozen", Node: "airport_status", Onset: time.Date(2001, 5, 7, 0, 0, 0, 0, time.UTC)}

// demoNights are the days whose nights are run: the last sound one, the first broken one, and the one that ends the week.
var demoNights = []time.Time{
	demoFault.Onset.AddDate(0, 0, -1), demoFault.Onset, demoFault.Onset.AddDate(0, 0, 6),
}

// demoCommand runs the whole loop on a world that comes with the program.
func demoCommand(w *world) *cli.Command {
	return &cli.Command{
		Name:      "demo",
		UsageText: "plumbline demo",
		Usage:     "breaks a pipe of a small production on real flights, runs three nights, and shows what they find",
		ArgsUsage: "[--out DIR] [flags]",
		Description: "The production, its ledger and the truth about what was broken go to the folder: it is made, or the one of an\n" +
			"earlier demo is used again. It takes about half a minute and 40 MB.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "out", Usage: "write to folder `DIR` (default: " + demoFolder + ")"},
		}, machineFlags()...),
		Action: func(c *cli.Context) error { return demo(c, w) },
	}
}

// demonstration is one demo under way.
type demonstration struct {
	folder string
	world  *production.World
	truth  production.Truth
	nights []*engine.Result // of demoNights
}

func demo(c *cli.Context, w *world) error {
	o, errOptions := options(c)
	to, errConsole := newConsole(c, w)
	folder := c.String("out")
	if folder == "" {
		folder = demoFolder
	}
	errFolder := demoPlace(folder)
	var errPlain error
	if c.NArg() > 0 {
		errPlain = fault.Usage("", "write plumbline demo [--out DIR]", "demo takes no %q", c.Args().First())
	}
	if err := errors.Join(errPlain, errFolder, errOptions, errConsole); err != nil {
		return err
	}
	d := &demonstration{folder: folder}
	if ofDemo(folder) {
		fmt.Fprintf(w.stderr, "plumbline: %s is of an earlier demo: it is made anew, and nights added to its ledger are gone\n", folder)
	}
	if err := d.build(); err != nil {
		return err
	}
	if err := d.opening(w.stdout); err != nil {
		return err
	}
	o.LoopFile, o.Log, o.Progress = filepath.Join(folder, "loop.yaml"), zerolog.Nop(), to.stage()
	for _, night := range demoNights {
		o.From, o.To = night, night.AddDate(0, 0, 1)
		result, err := w.engines.run(c.Context, o)
		to.clear()
		if err != nil {
			return err
		}
		d.nights = append(d.nights, result)
	}
	return d.show(w.stdout)
}

// build makes the production and writes it, in the place of an earlier demo's.
func (d *demonstration) build() error {
	log, err := flights2001.Log()
	if err != nil {
		return err
	}
	last := demoNights[len(demoNights)-1]
	if d.world, err = production.Build(log, production.Options{
		Loop: "demo", Seed: 1, Until: last.AddDate(0, 0, 2), Faults: []production.Fault{demoFault},
	}); err != nil {
		return err
	}
	d.truth = d.world.Truth()
	ledger := filepath.Join(d.folder, "demo.duckdb")
	for _, ending := range []string{"", ".lock", ".findings.json", ".rows"} {
		if err := os.RemoveAll(ledger + ending); err != nil {
			return fault.Data(ledger+ending, "let this user write there, or name another folder with --out", "an earlier demo's file stays: %v", err)
		}
	}
	if err := d.world.Write(d.folder); err != nil {
		return fault.Data(d.folder, "let this user write there, or name another folder with --out", "the demo cannot be written: %v", err)
	}
	return nil
}

// demoPlace refuses a folder with files in it, unless an earlier demo wrote there: what that one left is written over, and
// whatever else was put beside it stays.
func demoPlace(folder string) error {
	entries, err := os.ReadDir(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fault.Usage(folder, "name a folder that is not there yet", "--out: %v", err)
	case len(entries) == 0 || ofDemo(folder):
		return nil
	}
	return fault.Usage(folder, "name a folder that is not there yet", "--out: it holds files that no demo wrote, as %s", entries[0].Name())
}

// ofDemo tells a folder of an earlier demo by its truth.
func ofDemo(folder string) bool {
	content, err := os.ReadFile(filepath.Join(folder, "truth.json"))
	if err != nil {
		return false
	}
	var told production.Truth
	return json.Unmarshal(content, &told) == nil && told.Loop == "demo" && slices.ContainsFunc(told.Faults, func(f production.FaultTruth) bool {
		return f.Kind == demoFault.Kind
	})
}

// counted writes a count with a comma before every third digit from the right.
func counted(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
